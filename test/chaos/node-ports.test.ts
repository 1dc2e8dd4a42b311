import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Manifest } from '../support/manifests.ts';
import {
  condition,
  messageOf,
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

const sources = 'octopool.dev/node-port-sources';
const addresses = 'octopool.dev/node-floating-ips';
const game = { [sources]: '203.0.113.0/24, 2001:db8::/32', [addresses]: '2' };

function service(name: string, annotations: Readonly<Record<string, string>>, spec: Manifest = {}): Manifest {
  const ports = [{ name: 'main', port: 7000, protocol: 'TCP', nodePort: 30_080 }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'team-a', annotations },
    spec: { type: 'NodePort', ports, ...spec },
  };
}

const reachable = 'octopool.dev/NodePortReachable';
const told = (name = 'game') => condition(world.cluster.get('Service', 'team-a', name), reachable);
const said = (name = 'game') => messageOf(world.cluster.get('Service', 'team-a', name), reachable);

/** `tcp 30080 203.0.113.0/24`, of the nodes' group. */
function rules(): readonly string[] {
  const { security_group, security_group_rule } = world.fake.world.neutron;
  const groups = new Set(
    security_group
      .all()
      .filter(({ name }) => name.startsWith('octopool-nodes-'))
      .map(({ id }) => id),
  );
  return security_group_rule
    .all()
    .filter((rule) => rule.direction === 'ingress' && groups.has(rule.security_group_id))
    .map((rule) => `${rule.protocol} ${portsOf(rule)} ${rule.ethertype} ${rule.remote_ip_prefix}`)
    .toSorted();
}

function portsOf({
  port_range_min: min,
  port_range_max: max,
}: {
  port_range_min: number | null;
  port_range_max: number | null;
}) {
  return min === max ? `${min}` : `${min}-${max}`;
}

/** `10.10.0.11 ours`, by the node's address. */
function floating(): readonly string[] {
  return world.fake.world.neutron.floatingip
    .all()
    .map(
      (one) =>
        `${one.fixed_ip_address} ${one.description.startsWith('octopool/node-fip cluster=') ? 'ours' : 'by hand'}`,
    )
    .toSorted();
}

function floatByHand(at: number): void {
  const { neutron } = world.fake.world;
  const port = neutron.port.all().find((one) => one.fixed_ips.some((ip) => ip.ip_address === `10.10.0.${at}`));
  const external = neutron.network.all().find((network) => network['router:external']);
  const [subnet] = neutron.subnet.find('network_id', external?.id ?? '');
  if (port === undefined || external === undefined || subnet === undefined) throw new Error('no such node');
  const { name: _none, ...born } = neutron.born(port.project_id);
  neutron.floatingip.add({
    ...born,
    floating_ip_address: neutron.allocate(subnet),
    floating_network_id: external.id,
    port_id: port.id,
    fixed_ip_address: `10.10.0.${at}`,
    status: 'ACTIVE',
  });
}

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
  expect(rules()).toEqual(['tcp 30080 IPv4 203.0.113.0/24', 'tcp 30080 IPv6 2001:db8::/32']);
  expect(told()).toBe('True AddressesReady');
  expect(said()).toBe(
    'tcp 30080 on 172.24.4.10, 172.24.4.11 (floating IPs) from 2001:db8::/32, 203.0.113.0/24; inside the network on 10.10.0.11-13',
  );
  const { statusWrites, events } = world.cluster;
  expect(events.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Normal AddressesReady']);
  await world.restart();
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([]);
  expect([world.cluster.statusWrites, world.cluster.events.length]).toEqual([statusWrites, 1]);
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
  expect([rules(), floating()]).toEqual([[], []]);
  expect(neutron.security_group.all().filter(({ name }) => name.startsWith('octopool'))).toEqual([]);
  expect(told()).toBeUndefined();
});

test('another port and another network replace the rules that they were before', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  const ports = [{ name: 'main', port: 7000, protocol: 'UDP', nodePort: 30_081 }];
  world.cluster.apply(service('game', { ...game, [sources]: '0.0.0.0/0' }, { ports }));
  await world.operator.settle();
  expect(rules()).toEqual(['udp 30081 IPv4 0.0.0.0/0']);
  expect(said()).toContain('udp 30081 on 172.24.4.10, 172.24.4.11 (floating IPs) from 0.0.0.0/0');
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
  expect(rules()).toEqual(['tcp 30080 IPv4 null']);
});

test('two Services share addresses: as many as the one that asks for most', async () => {
  const ports = [{ name: 'main', port: 53, protocol: 'UDP', nodePort: 30_053 }];
  world.cluster.apply(service('game', game), service('dns', { [sources]: '0.0.0.0/0', [addresses]: '3' }, { ports }));
  await world.operator.settle();
  expect(floating()).toEqual(['10.10.0.11 ours', '10.10.0.12 ours', '10.10.0.13 ours']);
  world.cluster.remove('Service', 'team-a', 'dns');
  await world.operator.settle();
  expect(floating().length).toBe(2);
  expect(told()).toBe('True AddressesReady');
});

test('an address that was added by hand is used and counted, and stays', async () => {
  floatByHand(12);
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  expect(floating().filter((one) => one.endsWith('ours')).length).toBe(1);
  expect(said()).toContain('on 172.24.4.10, 172.24.4.11 (floating IPs)');
  world.cluster.remove('Service', 'team-a', 'game');
  await world.operator.settle();
  expect(floating()).toEqual(['10.10.0.12 by hand']);
});

test('a node that goes leaves its address to another one; one that comes takes none', async () => {
  world.cluster.apply(service('game', { ...game, [addresses]: '1' }));
  await world.operator.settle();
  const [holder = ''] = floating();
  const at = Number(holder.split(' ')[0]?.split('.').at(-1));
  const address = world.fake.world.neutron.floatingip.all()[0]?.floating_ip_address;
  world.cluster.remove('Node', undefined, `node-${at - 10}`);
  await world.operator.settle();
  const [other = ''] = floating();
  expect([floating().length, other === holder]).toEqual([1, false]);
  expect(world.fake.world.neutron.floatingip.all()[0]?.floating_ip_address).toBe(address);
  world.cluster.apply(node(`node-${at - 10}`, `10.10.0.${at}`));
  await world.operator.settle();
  expect(floating()).toEqual([other]);
});

test('an unready node keeps its address when nobody else can have it, and an excluded one does not', async () => {
  const unready = { type: 'Ready', status: 'False' };
  const second = node('node-2', '10.10.0.12');
  world.cluster.remove('Node', undefined, 'node-3');
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  const status = { addresses: [{ type: 'InternalIP', address: '10.10.0.12' }], conditions: [unready] };
  world.cluster.apply({ ...second, status });
  await world.operator.settle();
  expect(floating()).toEqual(['10.10.0.11 ours', '10.10.0.12 ours']);
  expect(said()).toContain(
    '(floating IPs) from 2001:db8::/32, 203.0.113.0/24; inside the network on 10.10.0.11. 2 addresses',
  );
  const labels = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
  world.cluster.apply({ ...second, metadata: { name: 'node-2', labels } });
  await world.operator.settle();
  expect(floating()).toEqual(['10.10.0.11 ours']);
});

test('without the flag no node gets an address, and what there was is given back', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  await world.restart({ nodeFloatingIPs: 'off' });
  await world.operator.settle();
  expect(floating()).toEqual([]);
  expect(told()).toBe('False NodeFloatingIPsDisabled');
  expect(rules().length).toBe(2);
});

test('where security groups are not ours nothing is opened, and nothing is taken away', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  world.calls();
  await world.restart({ nodeFloatingIPs: 'allowed', nodeSecurityGroup: 'off' });
  world.cluster.apply(service('game', { ...game, [sources]: '192.0.2.0/24' }));
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([]);
  expect(told()).toBe('False SecurityGroupsUnmanaged');
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
  expect(told()).toBe('False CloudRefused');
  expect([rules(), floating().length]).toEqual([[], 2]);
  expect(world.cluster.events.map(({ reason }) => reason)).toEqual(['CloudRefused']);
  world.fake.do({ do: 'clear-faults' });
  await world.operator.settle();
  expect(told()).toBe('True AddressesReady');
});

test('at the quota of floating IPs the Service is told, and its rules stand', async () => {
  world.fake.do({ do: 'quota', project: 'tenant-a', neutron: { floatingip: 1 } });
  world.cluster.apply(service('game', game));
  await world.operator.pass('nodes');
  expect(told()).toBe('False CloudQuotaExceeded');
  expect([rules().length, floating().length]).toEqual([2, 1]);
  world.fake.do({ do: 'quota', project: 'tenant-a', neutron: { floatingip: -1 } });
  await world.operator.settle();
  expect(told()).toBe('True AddressesReady');
});

test('beside octopool.dev/balancer the Service is pooled too, and each answer stands for itself', async () => {
  world.cluster.apply(
    ...publicBalancer(),
    ...shops(1),
    service('game', { ...game, 'octopool.dev/balancer': 'edge/public' }),
  );
  await world.operator.settle();
  const object = world.cluster.get('Service', 'team-a', 'game');
  expect([condition(object, 'octopool.dev/Programmed'), told()]).toEqual(['True Programmed', 'True AddressesReady']);
  const listeners = world.fake.world.octavia.tables.listener.all().map((one) => `${one.protocol} ${one.protocol_port}`);
  expect(listeners.toSorted()).toEqual(['HTTP 80', 'TCP 7000']);
  expect(rules()).toEqual([
    'tcp 30000-32767 IPv4 10.10.0.0/16',
    'tcp 30080 IPv4 203.0.113.0/24',
    'tcp 30080 IPv6 2001:db8::/32',
  ]);
  expect(Object.keys((object?.['status'] ?? {}) as object)).toEqual(['conditions']);
  world.cluster.apply(service('game', { 'octopool.dev/balancer': 'edge/public' }));
  await world.operator.settle();
  expect(rules()).toEqual(['tcp 30000-32767 IPv4 10.10.0.0/16']);
  const left = world.cluster.get('Service', 'team-a', 'game');
  expect([condition(left, 'octopool.dev/Programmed'), told()]).toEqual(['True Programmed', undefined]);
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
    expect(told()).toBe('Unknown CloudUnavailable');
    await world.restart();
    await world.operator.settle();
    const { neutron } = world.fake.world;
    expect(rules()).toEqual(['tcp 30080 IPv4 203.0.113.0/24', 'tcp 30080 IPv6 2001:db8::/32']);
    expect(floating().length).toBe(2);
    expect(neutron.security_group.all().filter(({ name }) => name.startsWith('octopool')).length).toBe(1);
    expect(told()).toBe('True AddressesReady');
    world.calls();
    await world.operator.settle();
    expect(writesOf(world.calls())).toEqual([]);
  },
);
