import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BalancerName } from '../../operator/core/model/brand.ts';
import { hostRoute, type Manifest, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { condition, node, octaviaWrites, type SmallWorld, smallWorld } from './support/small-world.ts';

/** What becomes of members and pools on a cloud that refuses what Octavia refuses, in the order in which it refuses it. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

const balancerName = 'edge/public' as BalancerName;

function balancer(listener: Manifest = {}): Manifest {
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP', ...listener }];
  return sharedBalancer({ namespace: 'edge', name: 'public', spec: { listeners } });
}

function shop(backendPolicy: Manifest = {}): Manifest {
  const given = hostRoute({
    namespace: 'team-a',
    name: 'shop',
    host: 'shop.example.com',
    service: 'shop',
    balancer: 'public',
    balancerNamespace: 'edge',
  });
  return { ...given, spec: { ...(given['spec'] as Manifest), backendPolicy } };
}

const services = [
  nodePortService({ namespace: 'team-a', name: 'shop', nodePort: 30_001 }),
  nodePortService({ namespace: 'edge', name: 'landing', nodePort: 30_080 }),
];

async function bringUp(...objects: readonly Manifest[]): Promise<void> {
  world.cluster.apply(namespace('edge'), namespace('team-a'), ...services, ...objects);
  await world.operator.settle();
  world.calls();
}

const ready = () => condition(world.cluster.get('ServiceRoute', 'team-a', 'shop'), 'Ready');
/** `address weight`, of all pools. */
const members = () =>
  world.fake.world.octavia.tables.member
    .all()
    .map((member) => `${member['address']} ${member['weight']}`)
    .toSorted();

function unready(name: string, address: string): Manifest {
  const { status, ...rest } = node(name, address);
  return { ...rest, status: { ...(status as Manifest), conditions: [{ type: 'Ready', status: 'False' }] } };
}

test('a node that is not Ready drains for its time, across a restart, and then leaves', async () => {
  await bringUp(balancer(), shop({ drainTimeout: '2m' }));
  world.cluster.apply(unready('node-2', '10.10.0.12'));
  await world.operator.settle();
  expect([octaviaWrites(world.calls()), members()]).toEqual([
    ['PUT /pools/{id}/members'],
    ['10.10.0.11 1', '10.10.0.12 0'],
  ]);
  await world.restart();
  world.fake.advance(60_000);
  await world.operator.settle();
  expect([octaviaWrites(world.calls()), ready()]).toEqual([[], 'True Ready']);
  const again = await world.operator.pass(balancerName);
  expect(again.kind === 'after' && again.ms > 0 && again.ms <= 60_000).toBe(true);
  world.fake.advance(60_000);
  await world.operator.settle();
  expect([octaviaWrites(world.calls()), members()]).toEqual([['PUT /pools/{id}/members'], ['10.10.0.11 1']]);
});

test('a node that is Ready again before its drain ends is what it was', async () => {
  await bringUp(balancer(), shop({ drainTimeout: '2m' }));
  world.cluster.apply(unready('node-2', '10.10.0.12'));
  await world.operator.settle();
  world.cluster.apply(node('node-2', '10.10.0.12'));
  await world.operator.settle();
  expect(members()).toEqual(['10.10.0.11 1', '10.10.0.12 1']);
});

test('a machine that has a second Node object is one member, and the pool takes changes as before', async () => {
  await bringUp(balancer(), shop());
  world.cluster.apply(node('node-1-renamed', '10.10.0.11'));
  await expect(world.operator.settle()).resolves.toBeUndefined();
  expect(members()).toEqual(['10.10.0.11 1', '10.10.0.12 1']);
  world.cluster.remove('Node', undefined, 'node-2');
  await world.operator.settle();
  expect([members(), ready()]).toEqual([['10.10.0.11 1'], 'True Ready']);
});

test('another pool protocol: made, pointed to, and only then the old pool goes', async () => {
  await bringUp(balancer(), shop());
  world.cluster.apply(shop({ proxyProtocol: 'V2' }));
  await world.operator.settle();
  expect([octaviaWrites(world.calls()), ready()]).toEqual([
    ['POST /pools', 'PUT /pools/{id}/members', 'POST /healthmonitors', 'PUT /l7policies/{id}', 'DELETE /pools/{id}'],
    'True Ready',
  ]);
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual([]);
});

test('a default backend comes, stays as it is, and goes', async () => {
  await bringUp(balancer(), shop());
  const listener = () => world.fake.world.octavia.tables.listener.all()[0];
  world.cluster.apply(balancer({ defaultBackend: { service: 'landing', port: 80 } }));
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual([
    'POST /pools',
    'PUT /pools/{id}/members',
    'POST /healthmonitors',
    'PUT /listeners/{id}',
  ]);
  expect(listener()?.['default_pool_id']).not.toBeNull();
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual([]);
  world.cluster.apply(balancer());
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual(['PUT /listeners/{id}', 'DELETE /pools/{id}']);
  expect(listener()?.['default_pool_id']).toBeNull();
});

test('cookies, persistence and monitors are what Octavia takes', async () => {
  await bringUp(balancer(), shop({ sessionPersistence: { type: 'AppCookie', cookieName: 'sid' } }));
  const policies: readonly Manifest[] = [
    { sessionPersistence: { type: 'HTTPCookie' }, healthMonitor: { type: 'HTTPS', path: '/up' } },
    { sessionPersistence: { type: 'SourceIP' }, healthMonitor: { type: 'TLSHello' } },
    { sessionPersistence: { type: 'None' }, healthMonitor: { type: 'Ping' } },
  ];
  for (const policy of policies) {
    world.cluster.apply(shop(policy));
    await world.operator.settle();
    expect(ready()).toBe('True Ready');
    world.calls();
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([]);
  }
});
