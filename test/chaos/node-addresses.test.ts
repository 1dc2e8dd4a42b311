import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addresses, floatByHand, floating, game, rules, said, service, sources, told } from './support/node-ports.ts';
import { node, type SmallWorld, smallWorld } from './support/small-world.ts';

/** Who has a public address, while nodes, Services, flags and people come and go. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld({ nodes: 3, flags: { nodeFloatingIPs: 'allowed' } });
});
afterEach(() => world.close());

test('two Services share addresses: as many as the one that asks for most', async () => {
  const ports = [{ name: 'main', port: 53, protocol: 'UDP', nodePort: 30_053 }];
  world.cluster.apply(service('game', game), service('dns', { [sources]: '0.0.0.0/0', [addresses]: '3' }, { ports }));
  await world.operator.settle();
  expect(floating(world)).toEqual(['10.10.0.11 ours', '10.10.0.12 ours', '10.10.0.13 ours']);
  world.cluster.remove('Service', 'team-a', 'dns');
  await world.operator.settle();
  expect(floating(world).length).toBe(2);
  expect(told(world)).toBe('True AddressesReady');
});

test('an address that was added by hand is used and counted, and stays', async () => {
  floatByHand(world, 12);
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  expect(floating(world).filter((one) => one.endsWith('ours')).length).toBe(1);
  expect(said(world)).toContain('on 172.24.4.10, 172.24.4.11 (floating IPs)');
  world.cluster.remove('Service', 'team-a', 'game');
  await world.operator.settle();
  expect(floating(world)).toEqual(['10.10.0.12 by hand']);
});

test('a node that goes leaves its address to another one; one that comes takes none', async () => {
  world.cluster.apply(service('game', { ...game, [addresses]: '1' }));
  await world.operator.settle();
  const [holder = ''] = floating(world);
  const at = Number(holder.split(' ')[0]?.split('.').at(-1));
  const address = world.fake.world.neutron.floatingip.all()[0]?.floating_ip_address;
  world.cluster.remove('Node', undefined, `node-${at - 10}`);
  await world.operator.settle();
  const [other = ''] = floating(world);
  expect([floating(world).length, other === holder]).toEqual([1, false]);
  expect(world.fake.world.neutron.floatingip.all()[0]?.floating_ip_address).toBe(address);
  world.cluster.apply(node(`node-${at - 10}`, `10.10.0.${at}`));
  await world.operator.settle();
  expect(floating(world)).toEqual([other]);
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
  expect(floating(world)).toEqual(['10.10.0.11 ours', '10.10.0.12 ours']);
  expect(said(world)).toContain(
    '(floating IPs) from 2001:db8::/32, 203.0.113.0/24; inside the network on 10.10.0.11. 2 addresses',
  );
  const labels = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
  world.cluster.apply({ ...second, metadata: { name: 'node-2', labels } });
  await world.operator.settle();
  expect(floating(world)).toEqual(['10.10.0.11 ours']);
});

test('without the flag no node gets an address, and what there was is given back', async () => {
  world.cluster.apply(service('game', game));
  await world.operator.settle();
  await world.restart({ nodeFloatingIPs: 'off' });
  await world.operator.settle();
  expect(floating(world)).toEqual([]);
  expect(told(world)).toBe('False NodeFloatingIPsDisabled');
  expect(rules(world).length).toBe(2);
});

test('at the quota of floating IPs the Service is told, and its rules stand', async () => {
  world.fake.do({ do: 'quota', project: 'tenant-a', neutron: { floatingip: 1 } });
  world.cluster.apply(service('game', game));
  await world.operator.pass('nodes');
  expect(told(world)).toBe('False CloudQuotaExceeded');
  expect([rules(world).length, floating(world).length]).toEqual([2, 1]);
  world.fake.do({ do: 'quota', project: 'tenant-a', neutron: { floatingip: -1 } });
  await world.operator.settle();
  expect(told(world)).toBe('True AddressesReady');
});
