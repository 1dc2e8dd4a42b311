import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { floating, game, rules, said, service, sources, told } from './support/node-ports.ts';
import {
  condition,
  node,
  publicBalancer,
  shops,
  type SmallWorld,
  smallWorld,
  writesOf,
} from './support/small-world.ts';

/** NodePort Services on a cloud of which every call is seen: rules, public addresses, and what the Service is told. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld({ nodes: 3, flags: { nodeFloatingIPs: 'allowed' } });
});
afterEach(() => world.close());

test('a Service gets its rules and addresses, is told so, and a restart writes nothing', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([
    'POST /security-groups',
    'POST /security-group-rules',
    'POST /security-group-rules',
    ...Array.from({ length: 3 }, () => 'PUT /ports/{id}'),
    'POST /floatingips',
    'POST /floatingips',
  ]);
  expect(rules(world)).toEqual(['tcp 30080 IPv4 203.0.113.0/24', 'tcp 30080 IPv6 2001:db8::/32']);
  expect(told(world)).toBe('True AddressesReady');
  expect(said(world)).toBe(
    'tcp 30080 on 172.24.4.10, 172.24.4.11 (floating IPs) from 2001:db8::/32, 203.0.113.0/24; inside the network on 10.10.0.11-13',
  );
  const { statusWrites, events } = world.cluster;
  expect(events.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Normal AddressesReady']);
  await world.restart();
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([]);
  expect([world.cluster.statusWrites, world.cluster.events.length]).toEqual([statusWrites, 1]);
});

test('a Service does not use up the quota of rules by naming hundreds of networks; what was open stays', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  const open = rules(world);
  world.calls();
  const many = Array.from({ length: 65 }, (_, at) => `192.0.2.${at}/32`).join(',');
  world.cluster.apply(service('game', { ...game, 'octopool.dev/node-port-sources': many }));
  await world.operator.settle();
  expect({ rules: rules(world), writes: writesOf(world.calls()), told: told(world), said: said(world) }).toEqual({
    rules: open,
    writes: [],
    told: 'False Invalid',
    said: 'Annotation octopool.dev/node-port-sources: 65 networks, at most 64 are possible. Draw neighbours together into wider ones.',
  });
});

test.each<readonly [string, () => void]>([
  ['the annotations go', () => world.cluster.apply(service('game', {}))],
  ['the type changes', () => world.cluster.apply(service('game', game, { type: 'ClusterIP' }))],
  ['the Service goes', () => world.cluster.remove('Service', 'team-a', 'game')],
])('when %s nothing stays open, and nothing stays behind', async (_, change) => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  change();
  await world.restart();
  await world.operator.settle();
  const { neutron } = world.fake.world;
  expect([rules(world), floating(world)]).toEqual([[], []]);
  expect(neutron.security_group.all().filter(({ name }) => name.startsWith('octopool'))).toEqual([]);
  expect(told(world)).toBeUndefined();
});

test('another port and another network replace the rules that they were before', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  const ports = [{ name: 'main', port: 7000, protocol: 'UDP', nodePort: 30_081 }];
  world.cluster.apply(service('game', { ...game, [sources]: '0.0.0.0/0' }, { ports }));
  await world.operator.settle();
  expect(rules(world)).toEqual(['udp 30081 IPv4 0.0.0.0/0']);
  expect(said(world)).toContain('udp 30081 on 172.24.4.10, 172.24.4.11 (floating IPs) from 0.0.0.0/0');
});

test('a Service that takes over a node port gets the rule in its own name', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  const before = world.fake.world.neutron.security_group_rule.all().map(({ description }) => description);
  world.cluster.remove('Service', 'team-a', 'game');
  world.cluster.apply(service('chess', game));
  await world.operator.settle();
  const uid = world.cluster.get('Service', 'team-a', 'chess')?.metadata.uid;
  const after = world.fake.world.neutron.security_group_rule.all().filter(({ direction }) => direction === 'ingress');
  expect(after.map(({ description }) => description?.endsWith(` svc=${uid}`))).toEqual([true, true]);
  expect(before).not.toContain(after[0]?.description);
});

test("a person's rule that lets everybody in is left alone, and not made once more", async () => {
  world.cluster.apply(service('game', { [sources]: '0.0.0.0/0' }));
  await world.operator.settle();
  const { neutron } = world.fake.world;
  const [ours] = neutron.security_group_rule.all().filter(({ direction }) => direction === 'ingress');
  if (ours === undefined) throw new Error('there is no rule');
  neutron.security_group_rule.remove(ours);
  neutron.addRule({ ...ours, remote_ip_prefix: null, description: 'mine' });
  world.calls();
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([]);
  world.cluster.remove('Service', 'team-a', 'game');
  await world.operator.settle();
  expect(rules(world)).toEqual(['tcp 30080 IPv4 null']);
});

test('a node whose machine is not in the cloud is told so once, and does not stop the others', async () => {
  world.cluster.apply(node('elsewhere', '192.168.7.7'), service('game', game));
  await world.operator.settle();
  await world.operator.settle();
  const notes = world.cluster.events.filter(({ kind }) => kind === 'Node');
  expect(notes.map(({ name, reason }) => `${name} ${reason}`)).toEqual(['elsewhere CloudResourceNotFound']);
  expect(told(world)).toBe('True AddressesReady');
});

test('where security groups are not ours nothing is opened, and nothing is taken away', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  world.calls();
  await world.restart({ nodeFloatingIPs: 'allowed', nodeSecurityGroup: 'off' });
  world.cluster.apply(service('game', { ...game, [sources]: '192.0.2.0/24' }));
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([]);
  expect(told(world)).toBe('False SecurityGroupsUnmanaged');
});

test('without a right to write rules the Service is told, addresses come all the same, and the right mends it', async () => {
  const answer = {
    kind: 'answer',
    status: 403,
    body: { NeutronError: { type: 'PolicyNotAuthorized', message: 'no', detail: '' } },
  } as const;
  world.fake.do({
    do: 'fault',
    rule: { service: 'neutron', method: 'POST', path: 'security-group', times: 0, action: answer },
  });
  world.cluster.apply(service('game', game));
  await world.operator.pass('nodes');
  await world.operator.pass('nodes');
  expect(told(world)).toBe('False CloudRefused');
  expect([rules(world), floating(world).length]).toEqual([[], 2]);
  expect(world.cluster.events.map(({ reason }) => reason)).toEqual(['CloudRefused']);
  world.fake.do({ do: 'clear-faults' });
  await world.operator.settle();
  expect(told(world)).toBe('True AddressesReady');
});

test('beside octopool.dev/balancer the Service is pooled too, and each answer stands for itself', async () => {
  world.cluster.apply(
    ...publicBalancer(),
    ...shops(1),
    service('game', { ...game, 'octopool.dev/balancer': 'edge/public' }),
  );
  await world.operator.settle();
  const object = world.cluster.get('Service', 'team-a', 'game');
  expect([condition(object, 'octopool.dev/Programmed'), told(world)]).toEqual([
    'True Programmed',
    'True AddressesReady',
  ]);
  const listeners = world.fake.world.octavia.tables.listener.all().map((one) => `${one.protocol} ${one.protocol_port}`);
  expect(listeners.toSorted()).toEqual(['HTTP 80', 'TCP 7000']);
  expect(rules(world)).toEqual([
    'tcp 30000-32767 IPv4 10.10.0.0/16',
    'tcp 30080 IPv4 203.0.113.0/24',
    'tcp 30080 IPv6 2001:db8::/32',
  ]);
  expect(Object.keys(object?.['status'] ?? {})).toEqual(['conditions']);
  world.cluster.apply(service('game', { 'octopool.dev/balancer': 'edge/public' }));
  await world.operator.settle();
  expect(rules(world)).toEqual(['tcp 30000-32767 IPv4 10.10.0.0/16']);
  const left = world.cluster.get('Service', 'team-a', 'game');
  expect([condition(left, 'octopool.dev/Programmed'), told(world)]).toEqual(['True Programmed', undefined]);
});

test.each(Array.from({ length: 8 }, (_, at) => at + 1))(
  'the answer to write %i of a bring-up is lost, and so is the process: nothing is doubled',
  async (nth) => {
    world.fake.do({
      do: 'fault',
      rule: { service: 'neutron', writes: true, nth, when: 'after', action: { kind: 'drop' } },
    });
    world.cluster.apply(service('game', game));
    await world.operator.pass('nodes');
    expect(told(world)).toBe('Unknown CloudUnavailable');
    await world.restart();
    await world.operator.settle();
    const { neutron } = world.fake.world;
    expect(rules(world)).toEqual(['tcp 30080 IPv4 203.0.113.0/24', 'tcp 30080 IPv6 2001:db8::/32']);
    expect(floating(world).length).toBe(2);
    expect(neutron.security_group.all().filter(({ name }) => name.startsWith('octopool')).length).toBe(1);
    expect(told(world)).toBe('True AddressesReady');
    world.calls();
    await world.operator.settle();
    expect(writesOf(world.calls())).toEqual([]);
  },
);
