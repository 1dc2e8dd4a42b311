import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  condition,
  octaviaWrites,
  publicBalancer,
  shop,
  shops,
  type SmallWorld,
  smallWorld,
  writesOf,
} from './support/small-world.ts';

/** What each act costs, on a cloud of which every call is seen. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

const shapes = (calls: ReturnType<SmallWorld['calls']>): readonly string[] =>
  calls.map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}`);

test('fifty routes come up in one create, and everything around it is made once', async () => {
  world.cluster.apply(...publicBalancer(), ...shops(50));
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([
    'POST /ports',
    'POST /loadbalancers',
    'POST /floatingips',
    'POST /security-groups',
    'POST /security-group-rules',
    'PUT /ports/{id}',
    'PUT /ports/{id}',
  ]);
  const ready = world.cluster.all('ServiceRoute').map((route) => condition(route, 'Ready'));
  expect(ready).toEqual(Array.from({ length: 50 }, () => 'True Ready'));
});

test('a pass with nothing to do reads six lists of Octavia, and a restart writes nothing', async () => {
  world.cluster.apply(...publicBalancer(), ...shops(5));
  await world.operator.settle();
  await world.restart();
  world.calls();
  await world.operator.pass('edge/public' as never);
  const calls = world.calls();
  expect(shapes(calls.filter(({ service }) => service === 'octavia')).toSorted()).toEqual([
    'GET /v2/lbaas/healthmonitors',
    'GET /v2/lbaas/l7policies',
    'GET /v2/lbaas/listeners',
    'GET /v2/lbaas/loadbalancers/{id}',
    'GET /v2/lbaas/loadbalancers/{id}/status',
    'GET /v2/lbaas/pools',
  ]);
  await world.operator.settle();
  expect(writesOf([...calls, ...world.calls()])).toEqual([]);
});

test('a route more costs five writes, one less costs two, a node less one a pool', async () => {
  world.cluster.apply(...publicBalancer(), ...shops(3));
  await world.operator.settle();
  world.calls();
  world.cluster.apply(...shop(4));
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual([
    'POST /pools',
    'PUT /pools/{id}/members',
    'POST /healthmonitors',
    'POST /l7policies',
    'POST /l7policies/{id}/rules',
  ]);
  world.cluster.remove('ServiceRoute', 'team-a', 'shop-2');
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual(['DELETE /l7policies/{id}', 'DELETE /pools/{id}']);
  world.cluster.remove('Node', undefined, 'node-2');
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual(Array.from({ length: 3 }, () => 'PUT /pools/{id}/members'));
});

test('a deleted balancer leaves nothing of ours in the cloud', async () => {
  world.cluster.apply(...publicBalancer(), ...shops(2));
  await world.operator.settle();
  for (const name of ['shop-1', 'shop-2']) world.cluster.remove('ServiceRoute', 'team-a', name);
  world.cluster.remove('SharedBalancer', 'edge', 'public');
  await world.operator.settle();
  const { neutron, octavia } = world.fake.world;
  expect(world.cluster.all('SharedBalancer')).toEqual([]);
  expect(octavia.tables.loadbalancer.all()).toEqual([]);
  expect(neutron.floatingip.all()).toEqual([]);
  expect(neutron.port.all().filter((port) => port.description.startsWith('octopool'))).toEqual([]);
  expect(neutron.security_group.all().filter((group) => group.name.startsWith('octopool'))).toEqual([]);
});

test('while its deletion is held back a balancer serves on: routes go, nodes are followed', async () => {
  const lifecycle = { deletionProtection: true };
  world.cluster.apply(...publicBalancer({ lifecycle }), ...shops(2));
  await world.operator.settle();
  world.cluster.remove('SharedBalancer', 'edge', 'public');
  world.cluster.remove('ServiceRoute', 'team-a', 'shop-2');
  world.cluster.remove('Node', undefined, 'node-2');
  await world.operator.settle();
  const { tables } = world.fake.world.octavia;
  expect([tables.l7policy.all().length, tables.member.all().length]).toEqual([1, 1]);
  expect(condition(world.cluster.get('SharedBalancer', 'edge', 'public'), 'Deleting')).toBe('True DeletionProtected');
  expect(condition(world.cluster.get('ServiceRoute', 'team-a', 'shop-1'), 'Ready')).toBe('True Ready');
});

test('a UDP port lets UDP from the balancer to the nodes, for as long as there is one', async () => {
  const rules = () =>
    world.fake.world.neutron.security_group_rule
      .all()
      .filter(({ description }) => description?.startsWith('octopool') === true)
      .map(({ protocol, port_range_min: min, port_range_max: max }) => `${protocol} ${min}-${max}`)
      .toSorted();
  const dns = {
    apiVersion: 'octopool.dev/v1alpha1',
    kind: 'ServiceRoute',
    metadata: { name: 'dns', namespace: 'team-a' },
    spec: {
      balancerRef: { name: 'public', namespace: 'edge' },
      l4: { port: 53, protocol: 'UDP', backends: [{ service: 'dns', port: 'dns' }] },
    },
  };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'dns', namespace: 'team-a' },
    spec: { type: 'NodePort', ports: [{ name: 'dns', port: 53, protocol: 'UDP', nodePort: 30_053 }] },
  };
  world.cluster.apply(...publicBalancer(), ...shops(1), service, dns);
  await world.operator.settle();
  expect(rules()).toEqual(['tcp 30000-32767', 'udp 30000-32767']);
  world.cluster.remove('ServiceRoute', 'team-a', 'dns');
  await world.operator.settle();
  expect(rules()).toEqual(['tcp 30000-32767']);
});

test('a monitor that pings lets ICMP from the balancer to the nodes, for as long as there is one', async () => {
  const rules = () =>
    world.fake.world.neutron.security_group_rule
      .all()
      .filter(({ description }) => description?.startsWith('octopool') === true)
      .map(
        ({ protocol, ethertype, port_range_min: min, port_range_max: max }) => `${protocol} ${ethertype} ${min}-${max}`,
      )
      .toSorted();
  const ping = { defaults: { backendPolicy: { healthMonitor: { type: 'Ping' } } } };
  world.cluster.apply(...publicBalancer(ping), ...shops(2));
  await world.operator.settle();
  const tcp = 'tcp IPv4 30000-32767';
  expect(rules()).toEqual(['icmp IPv4 null-null', tcp]);
  world.calls();
  await world.operator.pass('nodes');
  expect(writesOf(world.calls())).toEqual([]);
  world.cluster.apply(...publicBalancer());
  await world.operator.settle();
  expect(rules()).toEqual([tcp]);
});
