import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { anyId, anyTime, fault, nowhere, parentMissing, unknownFilter } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterAll, undoneAfterEach } from '../undo.ts';

export function l7Cases(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('a policy', () => policies(cloud, stage));
  describe('a policy is refused', () => refusedPolicies(cloud, stage));
  describe('a rule', () => rules(cloud, stage));
}

const madePolicy = z.object({ l7policy: z.object({ id: z.string() }) });

function policies(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();
  const l7 = () => cloud().user('tenant-a').cloud.octavia.l7Policies;

  test('to a pool is made, takes another action, and loses what the old action needed', async () => {
    const { projectId } = cloud().user('tenant-a');
    const [listener_id, redirect_pool_id] = [stage.listener('http'), stage.pool('web')];
    const body = { listener_id, action: 'REDIRECT_TO_POOL', redirect_pool_id, name: 'pol', tags: ['t'] };
    const answer = await stage.change(() => lbaas(cloud(), ['POST', '/l7policies', { l7policy: body }]));
    const { id } = madePolicy.parse(answer.body).l7policy;
    undo(() => stage.change(() => l7().remove(id)));
    expect(answer).toEqual({
      status: 201,
      body: {
        l7policy: {
          ...body,
          id: anyId,
          description: '',
          provisioning_status: 'PENDING_CREATE',
          operating_status: 'OFFLINE',
          admin_state_up: true,
          project_id: projectId,
          tenant_id: projectId,
          redirect_url: null,
          redirect_prefix: null,
          redirect_http_code: null,
          position: 1,
          rules: [],
          created_at: anyTime,
          updated_at: null,
        },
      },
    });
    const url = { action: 'REDIRECT_TO_URL', redirect_url: 'https://a.b/c', redirect_http_code: 308 };
    await stage.change(() => l7().update(id, url));
    expect(await l7().get(id)).toMatchObject({ ...url, redirect_pool_id: null });
    await stage.change(() => l7().update(id, { action: 'REJECT' }));
    expect(await l7().get(id)).toMatchObject({ action: 'REJECT', redirect_url: null, redirect_http_code: null });
    expect((await l7().list({ tags: ['t'] })).map((one) => one.id)).toEqual([id]);
    expect((await l7().list({ listener_id })).map((one) => one.id)).toEqual([id]);
  });

  test('moves the others: inserted at 1 it shifts them, far behind it is the last, removed it closes the gap', async () => {
    const make = (name: string, position?: number) =>
      stage.change(() =>
        l7().create({
          listener_id: stage.listener('http'),
          action: 'REJECT',
          name,
          ...(position === undefined ? {} : { position }),
        }),
      );
    const order = async () =>
      (await l7().list({ listener_id: stage.listener('http') })).map((one) => `${one.position} ${one.name}`).toSorted();
    const ids = new Map<string, string>();
    for (const [name, position] of [
      ['a', undefined],
      ['b', undefined],
      ['c', 1],
    ] as const) {
      const { id } = await make(name, position);
      ids.set(name, id);
      undo(() => stage.change(() => l7().remove(id)));
    }
    expect(await order()).toEqual(['1 c', '2 a', '3 b']);
    const c = ids.get('c') ?? '';
    await stage.change(() => l7().update(c, { position: 100 }));
    expect(await order()).toEqual(['1 a', '2 b', '3 c']);
    await stage.change(() => l7().update(c, { position: 2 }));
    expect(await order()).toEqual(['1 a', '2 c', '3 b']);
    await stage.change(() => l7().remove(ids.get('a') ?? ''));
    expect(await order()).toEqual(['1 c', '2 b']);
  });

  test('cannot move to another listener, and is not found by its load balancer', async () => {
    const body = { listener_id: stage.listener('http'), action: 'REJECT' };
    const { id } = await stage.change(() => l7().create(body));
    undo(() => stage.change(() => l7().remove(id)));
    const move = { l7policy: { listener_id: stage.listener('tcp') } };
    expect(await lbaas(cloud(), ['PUT', `/l7policies/${id}`, move])).toEqual(
      fault(400, 'Unknown attribute for argument l7policy_.l7policy: listener_id'),
    );
    expect(await lbaas(cloud(), ['GET', `/l7policies?loadbalancer_id=${stage.id()}`])).toEqual(unknownFilter);
  });

  test('that is not there is not found', async () => {
    expect(await lbaas(cloud(), ['GET', `/l7policies/${nowhere}`])).toEqual(
      fault(404, `L7 Policy ${nowhere} not found.`),
    );
  });
}

function refusedPolicies(cloud: () => CloudUnderTest, stage: Balancer): void {
  const create = (body: Readonly<Record<string, unknown>>) =>
    lbaas(cloud(), ['POST', '/l7policies', { l7policy: { listener_id: stage.listener('http'), ...body } }]);

  test('on a TCP listener, with a 501', async () => {
    expect(await create({ listener_id: stage.listener('tcp'), action: 'REJECT' })).toEqual(
      fault(
        501,
        "Provider 'amphora' does not support a requested option: TCP protocol listeners do not support L7 policies",
      ),
    );
  });

  test.each([
    [
      'without the pool to redirect to',
      { action: 'REDIRECT_TO_POOL' },
      400,
      'Invalid L7 Policy arguments: redirect_pool_id or redirect_pool must not be None',
    ],
    [
      'with a URL that is none',
      { action: 'REDIRECT_TO_URL', redirect_url: 'notaurl' },
      400,
      "Invalid input for field/attribute redirect_url. Value: 'notaurl'. Value must be a valid URL string",
    ],
    [
      'with a pool that is not there',
      { action: 'REDIRECT_TO_POOL', redirect_pool_id: nowhere },
      404,
      `Pool ${nowhere} not found.`,
    ],
    [
      'with rules inside, with a 500',
      { action: 'REJECT', rules: [{ type: 'PATH', compare_type: 'STARTS_WITH', value: '/a' }] },
      500,
      "'dict' object has no attribute '_sa_instance_state'",
    ],
    [
      'with a pool inside',
      { action: 'REDIRECT_TO_POOL', redirect_pool: { name: 'p', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } },
      400,
      'Unknown attribute for argument l7policy_.l7policy: redirect_pool',
    ],
  ])('%s', async (_, body, status, text) => {
    expect(await create(body)).toEqual(fault(status, text));
  });

  test('towards a pool of another protocol', async () => {
    expect(await create({ action: 'REDIRECT_TO_POOL', redirect_pool_id: stage.pool('tcp') })).toEqual(
      fault(400, "Validation failure: The pool protocol 'TCP' is invalid while the listener protocol is 'HTTP'."),
    );
  });
}

function rules(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterAll();
  let policyId = '';
  const policy = async () => {
    const { l7Policies } = cloud().user('tenant-a').cloud.octavia;
    if (policyId !== '') return policyId;
    const body = { listener_id: stage.listener('http'), action: 'REJECT', admin_state_up: false };
    const made = await stage.change(() => l7Policies.create(body));
    undo(() => stage.change(() => l7Policies.remove(made.id)));
    policyId = made.id;
    return policyId;
  };

  test('is made, shows only its id in the policy, and takes another value', async () => {
    const id = await policy();
    const { projectId } = cloud().user('tenant-a');
    const { octavia } = cloud().user('tenant-a').cloud;
    const body = { type: 'PATH', compare_type: 'STARTS_WITH', value: '/b' };
    expect(await stage.change(() => lbaas(cloud(), ['POST', `/l7policies/${id}/rules`, { rule: body }]))).toEqual({
      status: 201,
      body: {
        rule: {
          ...body,
          id: anyId,
          key: null,
          invert: false,
          provisioning_status: 'PENDING_CREATE',
          operating_status: 'OFFLINE',
          created_at: anyTime,
          updated_at: null,
          project_id: projectId,
          tenant_id: projectId,
          admin_state_up: true,
          tags: [],
        },
      },
    });
    const [rule] = (await octavia.l7Policies.get(id)).rules;
    const ruleId = rule?.id ?? '';
    const show = await lbaas(cloud(), ['GET', `/l7policies/${id}?fields=rules`]);
    expect(show).toEqual({ status: 200, body: { l7policy: { rules: [{ id: ruleId }] } } });
    await stage.change(() => octavia.rulesOf(id).update(ruleId, { value: '/c', invert: true }));
    expect(await octavia.rulesOf(id).list()).toMatchObject([{ ...body, id: ruleId, value: '/c', invert: true }]);
    await stage.change(() => octavia.rulesOf(id).remove(ruleId));
    expect(await octavia.rulesOf(id).list()).toEqual([]);
  });

  test.each([
    [
      'with a broken expression',
      { type: 'PATH', compare_type: 'REGEX', value: '((' },
      'Error parsing L7Rule: Unable to parse regular expression: missing ), unterminated subpattern at position 1',
    ],
    [
      'of a header without its name',
      { type: 'HEADER', compare_type: 'EQUAL_TO', value: 'x' },
      'Error parsing L7Rule: Invalid L7 Rule: L7 rule type requires a key',
    ],
    [
      'with a comparison that does not go with the type',
      { type: 'FILE_TYPE', compare_type: 'STARTS_WITH', value: 'jpg' },
      'Error parsing L7Rule: Invalid L7 Rule: invalid comparison type for rule type',
    ],
    [
      'with a space in its value',
      { type: 'PATH', compare_type: 'EQUAL_TO', value: '/a b' },
      'Error parsing L7Rule: Invalid characters in comparison value',
    ],
    [
      'without a value',
      { type: 'PATH', compare_type: 'EQUAL_TO', value: '' },
      'Error parsing L7Rule: Invalid L7 Rule: L7 rule type requires a value',
    ],
  ])('%s is refused', async (_, rule, text) => {
    const id = await policy();
    expect(await lbaas(cloud(), ['POST', `/l7policies/${id}/rules`, { rule }])).toEqual(fault(400, text));
  });

  test('that is not there is not found, nor is its policy', async () => {
    const id = await policy();
    expect(await lbaas(cloud(), ['GET', `/l7policies/${id}/rules/${nowhere}`])).toEqual(
      fault(404, `L7 Rule ${nowhere} not found.`),
    );
    expect(await lbaas(cloud(), ['GET', `/l7policies/${nowhere}/rules`])).toEqual(parentMissing('L7Policy'));
  });
}
