import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { anyId, anyTime, fault, nowhere } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

const roundRobin = { protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };

export function poolCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('creating a pool', () => creating(cloud, stage));
  describe('updating a pool', () => updating(cloud, stage));
  describe('the default pool of a listener', () => defaultPool(cloud, stage));
}

const made = z.object({ pool: z.object({ id: z.string() }) });

function creating(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();
  const create = (body: Readonly<Record<string, unknown>>) =>
    lbaas(cloud(), ['POST', '/pools', { pool: { ...roundRobin, ...body } }]);

  test('for a listener makes it the default pool', async () => {
    const { projectId } = cloud().user('tenant-a');
    const { octavia } = cloud().user('tenant-a').cloud;
    const listenerId = stage.listener('bare');
    const answer = await stage.change(() => create({ listener_id: listenerId, name: 'p', tags: ['k=v'] }));
    const { id } = made.parse(answer.body).pool;
    undo(() => stage.change(() => octavia.pools.remove(id)));
    expect(answer).toEqual({
      status: 201,
      body: {
        pool: {
          id: anyId,
          name: 'p',
          description: '',
          provisioning_status: 'PENDING_CREATE',
          operating_status: 'OFFLINE',
          admin_state_up: true,
          protocol: 'HTTP',
          lb_algorithm: 'ROUND_ROBIN',
          session_persistence: null,
          project_id: projectId,
          tenant_id: projectId,
          loadbalancers: [{ id: stage.id() }],
          listeners: [{ id: listenerId }],
          created_at: anyTime,
          updated_at: null,
          members: [],
          tags: ['k=v'],
          tls_container_ref: null,
          ca_tls_container_ref: null,
          crl_container_ref: null,
          tls_enabled: false,
          tls_ciphers: null,
          tls_versions: null,
          alpn_protocols: null,
        },
      },
    });
    expect((await octavia.listeners.get(listenerId)).default_pool_id).toBe(id);
  });

  test('for a listener that has one is refused', async () => {
    expect(await create({ listener_id: stage.listener('http') })).toEqual(
      fault(409, 'This listener already has a default pool'),
    );
  });

  test('with an algorithm that there is not is refused with the list of all', async () => {
    const start = "Invalid input for field/attribute lb_algorithm. Value: 'FOO'. Value should be one of: ";
    const answer = await create({ loadbalancer_id: stage.id(), lb_algorithm: 'FOO' });
    expect(answer).toEqual(fault(400, expect.stringMatching(new RegExp(`^${start}`))));
    const { faultstring } = z.object({ faultstring: z.string() }).parse(answer.body);
    expect(faultstring.slice(start.length).split(', ').toSorted()).toEqual(
      ['LEAST_CONNECTIONS', 'ROUND_ROBIN', 'SOURCE_IP', 'SOURCE_IP_PORT'].toSorted(),
    );
  });

  test('for nothing is refused', async () => {
    expect(await create({})).toEqual(
      fault(400, 'Validation failure: Must provide at least one of: loadbalancer_id, listener_id'),
    );
  });

  test('with members or a monitor inside is a 500, for nested bodies belong to the creation of a load balancer only', async () => {
    const monitor = { type: 'PING', delay: 5, timeout: 3, max_retries: 3 };
    for (const nested of [{ members: [{ address: '10.10.5.1', protocol_port: 80 }] }, { healthmonitor: monitor }])
      expect(await create({ loadbalancer_id: stage.id(), ...nested })).toEqual(
        fault(500, "'dict' object has no attribute '_sa_instance_state'"),
      );
  });
}

/** What changes by itself. */
const moving = { operating_status: expect.any(String), updated_at: expect.any(String) };

function updating(cloud: () => CloudUnderTest, stage: Balancer): void {
  const put = (body: Readonly<Record<string, unknown>>) =>
    lbaas(cloud(), ['PUT', `/pools/${stage.pool('web')}`, { pool: body }]);

  test.each([['protocol'], ['listener_id'], ['loadbalancer_id']])('never takes another %s', async (field) => {
    expect(await put({ [field]: 'x' })).toEqual(fault(400, `Unknown attribute for argument pool_.pool: ${field}`));
  });

  test('takes name, description, tags, algorithm and stickiness, which null takes away', async () => {
    const { octavia } = cloud().user('tenant-a').cloud;
    const id = stage.pool('web');
    const before = await octavia.pools.get(id);
    const change = { name: 'n', description: 'd', tags: ['x'], lb_algorithm: 'SOURCE_IP' };
    const sticky = { type: 'SOURCE_IP' } as const;
    await stage.change(() => octavia.pools.update(id, { ...change, session_persistence: sticky }));
    const changed = { ...before, ...change, ...moving };
    const unset = { cookie_name: null, persistence_timeout: null, persistence_granularity: null };
    expect(await octavia.pools.get(id)).toEqual({ ...changed, session_persistence: { ...sticky, ...unset } });
    const again = { name: 'web', description: '', tags: [], lb_algorithm: 'ROUND_ROBIN', session_persistence: null };
    await stage.change(() => octavia.pools.update(id, again));
    expect(await octavia.pools.get(id)).toEqual({ ...before, ...moving });
  });

  test('refuses a cookie name that does not go with the type', async () => {
    expect(await put({ session_persistence: { type: 'HTTP_COOKIE', cookie_name: 'x' } })).toEqual(
      fault(
        400,
        'Validation failure: Field "cookie_name" can only be specified with session persistence of type "APP_COOKIE".',
      ),
    );
    expect(await put({ session_persistence: { type: 'APP_COOKIE' } })).toEqual(
      fault(
        400,
        'Validation failure: Field "cookie_name" must be specified when using the "APP_COOKIE" session persistence type.',
      ),
    );
  });

  test('that is not there is not found', async () => {
    expect(await lbaas(cloud(), ['GET', `/pools/${nowhere}`])).toEqual(fault(404, `Pool ${nowhere} not found.`));
  });
}

function defaultPool(cloud: () => CloudUnderTest, stage: Balancer): void {
  const point = (listener: string, poolId: string | null) =>
    lbaas(cloud(), ['PUT', `/listeners/${stage.listener(listener)}`, { listener: { default_pool_id: poolId } }]);

  test('must speak a protocol that goes with that of the listener', async () => {
    expect(await point('http', stage.pool('tcp'))).toEqual(
      fault(400, "Validation failure: The pool protocol 'TCP' is invalid while the listener protocol is 'HTTP'."),
    );
  });

  test('that is not there is not found', async () => {
    expect(await point('http', nowhere)).toEqual(fault(404, `Pool ${nowhere} not found.`));
  });

  test('may serve several listeners, and is taken off by null', async () => {
    const { octavia } = cloud().user('tenant-a').cloud;
    expect((await stage.change(() => point('bare', stage.pool('web')))).status).toBe(200);
    const both = (await octavia.pools.get(stage.pool('web'))).listeners.map((one) => one.id);
    expect(both.toSorted()).toEqual([stage.listener('bare'), stage.listener('http')].toSorted());
    expect((await stage.change(() => point('bare', null))).status).toBe(200);
    expect((await octavia.listeners.get(stage.listener('bare'))).default_pool_id).toBe(null);
    expect((await octavia.pools.get(stage.pool('web'))).listeners).toEqual([{ id: stage.listener('http') }]);
  });
}
