import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LoggedCall } from '../fake-openstack/calls.ts';
import type { Manifest } from '../support/manifests.ts';
import { condition, octaviaWrites, publicBalancer, shop, type SmallWorld, smallWorld } from './support/small-world.ts';

/** Rules of policies in a cloud whose lists show only their ids. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

const rulesRead = (calls: readonly LoggedCall[]) =>
  calls.filter(({ method, path }) => method === 'GET' && path.endsWith('/rules')).length;
const pass = () => world.operator.pass('edge/public' as never);

/** A route of team-a on shop-1.example.com. */
function route(name: string, rules: readonly Manifest[]): Manifest {
  return {
    apiVersion: 'octopool.dev/v1alpha1',
    kind: 'ServiceRoute',
    metadata: { name, namespace: 'team-a' },
    spec: {
      balancerRef: { name: 'public', namespace: 'edge' },
      http: { hostnames: ['shop-1.example.com'], rules },
    },
  };
}

const redirect = { type: 'Redirect', redirect: { prefix: 'https://shop-1.example.com', code: 308 } };
const forward = (service: string) => ({ type: 'Forward', backends: [{ service, port: 80 }] });
const under = (value: string) => [{ path: { type: 'PathPrefix', value } }];
const everything = { name: 'https', action: redirect };
const api = { name: 'api', matches: under('/api'), action: forward('shop-1') };
const acme = { name: 'acme', matches: under('/.well-known'), action: forward('shop-1') };
const [service1 = {}] = shop(1);

/** What each policy says, by its action, as the cloud holds it. */
function programmed(): Readonly<Record<string, readonly string[]>> {
  const { l7policy, l7rule } = world.fake.world.octavia.tables;
  return Object.fromEntries(
    l7policy.all().map((policy) => [
      `${policy.action} ${policy.admin_state_up ? 'on' : 'off'}`,
      l7rule
        .all()
        .filter((rule) => rule.l7policy_id === policy.id)
        .map(({ invert, type, value }) => `${invert ? 'not ' : ''}${type} ${value}`)
        .toSorted(),
    ]),
  );
}

const host = String.raw`HOST_NAME ^shop-1\.example\.com(:[0-9]+)?$`;

test('a new forward under a live redirect: only the rules of that redirect are read, and one is added', async () => {
  world.cluster.apply(...publicBalancer(), service1, route('shop', [everything]));
  await world.operator.settle();
  expect(rulesRead(world.calls())).toBe(0);
  world.cluster.apply(route('shop', [everything, acme]));
  await pass();
  const calls = world.calls();
  expect(rulesRead(calls)).toBe(1);
  expect(octaviaWrites(calls).slice(-5)).toEqual([
    'POST /l7policies/{id}/rules',
    'POST /l7policies/{id}/rules',
    'PUT /l7policies/{id}',
    'POST /l7policies/{id}/rules',
    'PUT /l7policies/{id}',
  ]);
  expect(programmed()).toEqual({
    'REDIRECT_PREFIX on': [host, 'not PATH ^/\\.well-known(/|$)'].toSorted(),
    'REDIRECT_TO_POOL on': [host, 'PATH ^/\\.well-known(/|$)'].toSorted(),
  });
  await world.operator.settle();
  expect([octaviaWrites(world.calls()), rulesRead(world.calls())]).toEqual([[], 0]);
});

test('an operator that died between a new rule and its tag goes on where it was', async () => {
  world.cluster.apply(...publicBalancer(), service1, route('shop', [everything]));
  await world.operator.settle();
  world.cluster.apply(route('shop', [everything, acme]));
  // the first PUT switches the new policy on, the second would be the tag of the redirect
  const action = { kind: 'answer', status: 503 } as const;
  world.fake.do({ do: 'fault', rule: { service: 'octavia', method: 'PUT', path: '/l7policies/', nth: 2, action } });
  await pass();
  expect(programmed()['REDIRECT_PREFIX on']).toHaveLength(2);
  await world.restart();
  await world.operator.settle();
  expect(programmed()).toEqual({
    'REDIRECT_PREFIX on': [host, 'not PATH ^/\\.well-known(/|$)'].toSorted(),
    'REDIRECT_TO_POOL on': [host, 'PATH ^/\\.well-known(/|$)'].toSorted(),
  });
});

test('what is programmed for a rule that is broken is read while it is held, and a new redirect leaves it alone', async () => {
  world.cluster.apply(...publicBalancer(), service1, route('shop', [api]));
  await world.operator.settle();
  world.calls();
  const broken = { ...api, matches: [{ path: { type: 'Regex', value: '^/api' } }] };
  world.cluster.apply(route('shop', [broken]), route('https', [everything]));
  await world.operator.settle();
  expect(rulesRead(world.calls())).toBeGreaterThan(0);
  expect(condition(world.cluster.get('ServiceRoute', 'team-a', 'shop'), 'Ready')).toBe('False RegexNotAllowed');
  expect(condition(world.cluster.get('ServiceRoute', 'team-a', 'https'), 'Ready')).toBe('True Ready');
  expect(programmed()).toEqual({
    'REDIRECT_PREFIX on': [host, 'not PATH ^/api(/|$)'].toSorted(),
    'REDIRECT_TO_POOL on': [host, 'PATH ^/api(/|$)'].toSorted(),
  });
});

const moved = { ...api, matches: under('/api/v2') };

async function bringUp(rules: readonly Manifest[]): Promise<void> {
  world.cluster.apply(...publicBalancer(), service1, route('shop', rules));
  await world.operator.settle();
  world.calls();
}

describe('an edited match', () => {
  test('is programmed and switched on before the old one goes', async () => {
    await bringUp([api]);
    world.cluster.apply(route('shop', [moved]));
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([
      'POST /l7policies',
      'POST /l7policies/{id}/rules',
      'POST /l7policies/{id}/rules',
      'PUT /l7policies/{id}',
      'DELETE /l7policies/{id}',
    ]);
    expect(programmed()).toEqual({ 'REDIRECT_TO_POOL on': [host, 'PATH ^/api/v2(/|$)'].toSorted() });
  });

  test('at the quota takes the place of the old one, which goes although the new one was refused', async () => {
    await bringUp([api]);
    world.fake.do({ do: 'quota', project: 'tenant-a', octavia: { l7policy: 1 } });
    world.cluster.apply(route('shop', [moved]));
    await pass();
    expect(octaviaWrites(world.calls())).toEqual(['POST /l7policies', 'DELETE /l7policies/{id}']);
    await world.operator.settle();
    expect(programmed()).toEqual({ 'REDIRECT_TO_POOL on': [host, 'PATH ^/api/v2(/|$)'].toSorted() });
    expect(condition(world.cluster.get('ServiceRoute', 'team-a', 'shop'), 'Ready')).toBe('True Ready');
  });

  test('under a redirect: an operator that died half-way leaves nothing, and goes on where it was', async () => {
    await bringUp([everything, api]);
    world.cluster.apply(route('shop', [everything, moved]));
    const action = { kind: 'answer', status: 503 } as const;
    world.fake.do({ do: 'fault', rule: { service: 'octavia', method: 'POST', path: '/rules', nth: 3, action } });
    await pass();
    await world.restart();
    await world.operator.settle();
    expect(programmed()).toEqual({
      'REDIRECT_PREFIX on': [host, 'not PATH ^/api/v2(/|$)'].toSorted(),
      'REDIRECT_TO_POOL on': [host, 'PATH ^/api/v2(/|$)'].toSorted(),
    });
    expect(world.fake.world.octavia.tables.l7policy.all()).toHaveLength(2);
    world.calls();
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([]);
  });
});
