import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  condition,
  messageOf,
  octaviaWrites,
  publicBalancer,
  shop,
  shops,
  type SmallWorld,
  smallWorld,
} from './support/small-world.ts';

/** What the operator does and says when the cloud is not what it should be. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

describe('quota', () => {
  test('a new route over the quota is told, the others stay, and deletes still work', async () => {
    await world.bringUp(3);
    world.fake.do({ do: 'quota', project: 'tenant-a', octavia: { pool: 3 } });
    world.cluster.apply(...shop(4));
    await world.operator.pass('edge/public' as never);
    expect(condition(world.route(4), 'Ready')).toBe('False CloudQuotaExceeded');
    expect([1, 2, 3].map((number) => condition(world.route(number), 'Ready'))).toEqual([
      'True Ready',
      'True Ready',
      'True Ready',
    ]);
    world.cluster.remove('ServiceRoute', 'team-a', 'shop-1');
    await world.operator.settle();
    expect(condition(world.route(4), 'Ready')).toBe('True Ready');
    expect(world.fake.world.octavia.tables.pool.all()).toHaveLength(3);
  });

  test('at the quota the route that goes makes room for the one that comes, in the same pass', async () => {
    await world.bringUp(3);
    world.fake.do({ do: 'quota', project: 'tenant-a', octavia: { pool: 3 } });
    world.cluster.remove('ServiceRoute', 'team-a', 'shop-1');
    world.cluster.apply(...shop(4));
    await world.operator.pass('edge/public' as never);
    expect(octaviaWrites(world.calls()).slice(0, 3)).toEqual([
      'DELETE /l7policies/{id}',
      'DELETE /pools/{id}',
      'POST /pools',
    ]);
    await world.operator.pass('edge/public' as never);
    expect(condition(world.route(4), 'Ready')).toBe('True Ready');
  });

  test('no load balancer left: told with the words of the cloud, and no port or address leaks', async () => {
    world.fake.do({ do: 'quota', project: 'tenant-a', octavia: { load_balancer: 0 } });
    world.cluster.apply(...publicBalancer(), ...shops(1));
    await world.operator.pass('edge/public' as never);
    expect(condition(world.balancer(), 'Ready')).toBe('False CloudQuotaExceeded');
    expect(messageOf(world.balancer(), 'Ready')).toMatch(/Quota has been met for resources: Load Balancer/);
    const { neutron } = world.fake.world;
    expect(neutron.floatingip.all()).toEqual([]);
    world.cluster.remove('ServiceRoute', 'team-a', 'shop-1');
    world.cluster.remove('SharedBalancer', 'edge', 'public');
    await world.operator.settle();
    expect(neutron.floatingip.all()).toEqual([]);
    expect(neutron.port.all().filter((port) => port.description.startsWith('octopool'))).toEqual([]);
  });
});

/** What the cloud holds of a member beside its place and name. */
function formOf({ weight, backup, monitor_port, admin_state_up }: ReturnType<typeof onlyMember>) {
  return { weight, backup, monitor_port, admin_state_up };
}

function onlyMember() {
  const [one] = world.fake.world.octavia.tables.member.all();
  if (one === undefined) throw new Error('there is a member');
  return one;
}

describe('what another hand does', () => {
  test('a load balancer deleted by hand comes back on its address, in one create', async () => {
    await world.bringUp(3);
    const before = world.loadBalancer().vip_address;
    world.fake.do({ do: 'remove', kind: 'loadbalancer', id: world.loadBalancer().id });
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual(['POST /loadbalancers']);
    expect(world.loadBalancer().vip_address).toBe(before);
    expect(world.fake.world.neutron.floatingip.all()).toHaveLength(1);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });

  test('a listener, a pool and a member changed by hand are put back', async () => {
    await world.bringUp(2);
    const { tables } = world.fake.world.octavia;
    const [listener] = tables.listener.all();
    const [pool] = tables.pool.all();
    const [member] = tables.member.all();
    world.fake.do({ do: 'set', kind: 'listener', id: listener?.id ?? '', changes: { connection_limit: 1 } });
    world.fake.do({ do: 'set', kind: 'pool', id: pool?.id ?? '', changes: { lb_algorithm: 'SOURCE_IP' } });
    world.fake.do({ do: 'set', kind: 'member', id: member?.id ?? '', changes: { name: 'another' } });
    await world.operator.settle();
    expect(octaviaWrites(world.calls()).toSorted()).toEqual([
      'PUT /listeners/{id}',
      'PUT /pools/{id}',
      'PUT /pools/{id}/members',
    ]);
    expect(tables.listener.all().map((one) => one.connection_limit)).toEqual([-1]);
    expect(tables.member.all().some((one) => one.name === 'another')).toBe(false);
  });

  test.each([{ weight: 7 }, { backup: true }, { monitor_port: 1 }, { admin_state_up: false }])(
    'what no list shows of a member, such as %j, is put back within twelve intervals by one write',
    async (changes) => {
      await world.bringUp(2);
      const before = formOf(onlyMember());
      world.fake.do({ do: 'set', kind: 'member', id: onlyMember().id, changes });
      for (let interval = 0; interval <= 12; interval += 1) {
        world.fake.advance(300_000);
        await world.operator.settle();
      }
      expect(octaviaWrites(world.calls())).toEqual(['PUT /pools/{id}/members']);
      expect(formOf(onlyMember())).toEqual(before);
    },
  );

  test('with driftPolicy Report it stays as it is', async () => {
    world.cluster.apply(...publicBalancer({ sync: { driftPolicy: 'Report' } }), ...shops(2));
    await world.operator.settle();
    world.calls();
    const [listener] = world.fake.world.octavia.tables.listener.all();
    world.fake.do({ do: 'set', kind: 'listener', id: listener?.id ?? '', changes: { connection_limit: 1 } });
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([]);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
    expect(condition(world.balancer(), 'DriftDetected')).toBe('True Drifted');
  });

  test('with driftPolicy Report the weight of a member stays as it is too, and is told', async () => {
    world.cluster.apply(...publicBalancer({ sync: { driftPolicy: 'Report' } }), ...shops(1));
    await world.operator.settle();
    world.calls();
    world.fake.do({ do: 'set', kind: 'member', id: onlyMember().id, changes: { weight: 7 } });
    const told = new Set<string>();
    for (let interval = 0; interval <= 12; interval += 1) {
      world.fake.advance(300_000);
      await world.operator.settle();
      told.add(condition(world.balancer(), 'DriftDetected') ?? 'none');
    }
    expect(told).toContain('True Drifted');
    expect(octaviaWrites(world.calls())).toEqual([]);
    expect(onlyMember().weight).toBe(7);
  });

  test('a VIP port that was taken away: the balancer is made again with the same address', async () => {
    await world.bringUp(2);
    const { vip_port_id: port, vip_address: before } = world.loadBalancer();
    const { floatingip } = world.fake.world.neutron;
    const publicAddresses = () => floatingip.all().map((one) => one.floating_ip_address);
    const were = publicAddresses();
    world.fake.do({ do: 'remove', kind: 'port', id: port });
    world.fake.advance(2 * 3_600_000);
    await world.operator.settle();
    expect(world.loadBalancer().vip_address).toBe(before);
    expect([were.length, publicAddresses()]).toEqual([1, were]);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });

  test('where somebody has the address of that port by then, the balancer comes back on another', async () => {
    await world.bringUp(2);
    const { vip_port_id: port, vip_address: before } = world.loadBalancer();
    world.fake.do({ do: 'remove', kind: 'port', id: port });
    world.fake.do({ do: 'node-ports', project: 'tenant-a', addresses: [before] });
    world.fake.advance(2 * 3_600_000);
    await world.operator.settle();
    expect(world.loadBalancer().vip_address).not.toBe(before);
    expect(condition(world.balancer(), 'Programmed')).toBe('True Programmed');
  });
});
