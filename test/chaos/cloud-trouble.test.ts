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
  writesOf,
} from './support/small-world.ts';

/** What the operator does and says when the cloud is not what it should be. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

const balancer = () => world.cluster.get('SharedBalancer', 'edge', 'public');
const route = (number: number) => world.cluster.get('ServiceRoute', 'team-a', `shop-${number}`);
const onlyBalancer = () => {
  const [one] = world.fake.world.octavia.tables.loadbalancer.all();
  if (one === undefined) throw new Error('there is a load balancer');
  return one;
};

async function broughtUp(count = 3): Promise<void> {
  world.cluster.apply(...publicBalancer(), ...shops(count));
  await world.operator.settle();
  world.calls();
}

describe('answers that never come, or come too late', () => {
  const lost = { kind: 'drop' } as const;

  test('a create whose answer is lost is found again by its tags, and not sent twice', async () => {
    world.fake.fault({ service: 'octavia', method: 'POST', path: '/loadbalancers$', when: 'after', action: lost });
    world.cluster.apply(...publicBalancer(), ...shops(2));
    await world.operator.settle();
    expect(writesOf(world.calls()).filter((call) => call === 'POST /loadbalancers')).toEqual(['POST /loadbalancers']);
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });

  test('the port and the address whose answers are lost are used, and no second ones are made', async () => {
    world.fake.fault({ service: 'neutron', method: 'POST', path: '/ports$', when: 'after', action: lost });
    world.fake.fault({ service: 'neutron', method: 'POST', path: '/floatingips$', when: 'after', action: lost });
    world.cluster.apply(...publicBalancer(), ...shops(1));
    await world.operator.settle();
    const { neutron } = world.fake.world;
    expect(neutron.floatingip.all()).toHaveLength(1);
    expect(neutron.port.all().filter((port) => port.description.startsWith('octopool'))).toHaveLength(1);
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });

  test.each([
    ['pool', '/pools$'],
    ['members', '/members$'],
    ['monitor', '/healthmonitors$'],
    ['policy', '/l7policies$'],
    ['rule', '/rules$'],
  ])('a lost answer about a %s of a new route leaves one of each in the end', async (_, path) => {
    await broughtUp(2);
    world.fake.fault({ service: 'octavia', path, writes: true, when: 'after', action: lost });
    world.cluster.apply(...shop(3));
    await world.operator.settle();
    const { tables } = world.fake.world.octavia;
    const counts = [tables.pool, tables.healthmonitor, tables.l7policy, tables.l7rule].map(
      (table) => table.all().length,
    );
    expect(counts).toEqual([3, 3, 3, 3]);
    expect(condition(route(3), 'Ready')).toBe('True Ready');
  });

  test.each([500, 502, 503, 504])(
    'a %i before anything happened is tried again, and told meanwhile',
    async (status) => {
      const body = { faultcode: 'Server', faultstring: 'later', debuginfo: null };
      world.fake.fault({
        service: 'octavia',
        method: 'POST',
        path: '/loadbalancers$',
        action: { kind: 'answer', status, body },
      });
      world.cluster.apply(...publicBalancer(), ...shops(1));
      await world.operator.pass('edge/public' as never);
      expect(condition(balancer(), 'Ready')).toBe('False CloudUnavailable');
      await world.operator.settle();
      expect(condition(balancer(), 'Ready')).toBe('True Ready');
      expect(world.fake.world.octavia.tables.loadbalancer.all()).toHaveLength(1);
    },
  );

  test('a token that is refused in the middle is renewed, and nothing is sent twice', async () => {
    await broughtUp(2);
    world.fake.do({ do: 'revoke-tokens' });
    world.cluster.apply(...shop(3));
    await world.operator.settle();
    const accepted = world.calls().filter(({ status }) => status < 300);
    expect(octaviaWrites(accepted)).toHaveLength(5);
    expect(condition(route(3), 'Ready')).toBe('True Ready');
  });

  test('a password that is wrong is told, what is programmed stays, and the right one is picked up', async () => {
    await broughtUp(1);
    world.fake.do({ do: 'revoke-tokens' });
    world.fake.do({ do: 'password', user: 'tenant-a', password: 'another' });
    await world.operator.pass('edge/public' as never);
    expect(condition(balancer(), 'Ready')).toBe('False CredentialsInvalid');
    expect(writesOf(world.calls())).toEqual([]);
    world.rotateCredentials();
    await world.operator.settle();
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });
});

describe('quota', () => {
  test('a new route over the quota is told, the others stay, and deletes still work', async () => {
    await broughtUp(3);
    world.fake.do({ do: 'quota', project: 'tenant-a', octavia: { pool: 3 } });
    world.cluster.apply(...shop(4));
    await world.operator.pass('edge/public' as never);
    expect(condition(route(4), 'Ready')).toBe('False CloudQuotaExceeded');
    expect([1, 2, 3].map((number) => condition(route(number), 'Ready'))).toEqual([
      'True Ready',
      'True Ready',
      'True Ready',
    ]);
    world.cluster.remove('ServiceRoute', 'team-a', 'shop-1');
    await world.operator.settle();
    expect(condition(route(4), 'Ready')).toBe('True Ready');
    expect(world.fake.world.octavia.tables.pool.all()).toHaveLength(3);
  });

  test('no load balancer left: told with the words of the cloud, and no port or address leaks', async () => {
    world.fake.do({ do: 'quota', project: 'tenant-a', octavia: { load_balancer: 0 } });
    world.cluster.apply(...publicBalancer(), ...shops(1));
    await world.operator.pass('edge/public' as never);
    expect(condition(balancer(), 'Ready')).toBe('False CloudQuotaExceeded');
    expect(messageOf(balancer(), 'Ready')).toMatch(/Quota has been met for resources: Load Balancer/);
    world.cluster.remove('ServiceRoute', 'team-a', 'shop-1');
    world.cluster.remove('SharedBalancer', 'edge', 'public');
    await world.operator.settle();
    const { neutron } = world.fake.world;
    expect(neutron.floatingip.all()).toEqual([]);
    expect(neutron.port.all().filter((port) => port.description.startsWith('octopool'))).toEqual([]);
  });
});

describe('what another hand does', () => {
  test('a load balancer deleted by hand comes back on its address, in one create', async () => {
    await broughtUp(3);
    const before = onlyBalancer().vip_address;
    world.fake.do({ do: 'remove', kind: 'loadbalancer', id: onlyBalancer().id });
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual(['POST /loadbalancers']);
    expect(onlyBalancer().vip_address).toBe(before);
    expect(world.fake.world.neutron.floatingip.all()).toHaveLength(1);
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });

  test('a listener, a pool and a member changed by hand are put back', async () => {
    await broughtUp(2);
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

  test('with driftPolicy Report it stays as it is', async () => {
    world.cluster.apply(...publicBalancer({ sync: { driftPolicy: 'Report' } }), ...shops(2));
    await world.operator.settle();
    world.calls();
    const [listener] = world.fake.world.octavia.tables.listener.all();
    world.fake.do({ do: 'set', kind: 'listener', id: listener?.id ?? '', changes: { connection_limit: 1 } });
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([]);
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
    expect(condition(balancer(), 'DriftDetected')).toBe('True Drifted');
  });

  test('a VIP port that was taken away: the balancer is made again with the same address', async () => {
    await broughtUp(2);
    const { vip_port_id: port, vip_address: before } = onlyBalancer();
    world.fake.do({ do: 'remove', kind: 'port', id: port });
    world.fake.advance(2 * 3_600_000);
    await world.operator.settle();
    expect(onlyBalancer().vip_address).toBe(before);
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });
});

describe('states that Octavia gets stuck in', () => {
  test('children of a full create that stay PENDING_CREATE are told once more, and become ACTIVE', async () => {
    await world.close();
    world = await smallWorld({ switches: { fullCreate: 'children-pending' } });
    world.cluster.apply(...publicBalancer(), ...shops(2));
    await world.operator.settle();
    const { tables } = world.fake.world.octavia;
    const statuses = [
      ...tables.listener.all(),
      ...tables.pool.all(),
      ...tables.healthmonitor.all(),
      ...tables.l7policy.all(),
      ...tables.member.all(),
    ];
    expect(new Set(statuses.map((one) => one.provisioning_status))).toEqual(new Set(['ACTIVE']));
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });

  test('a balancer in ERROR is told at once; after ten minutes it is made again on its port', async () => {
    await broughtUp(2);
    const { id, vip_port_id: port } = onlyBalancer();
    world.fake.advance(2 * 3_600_000);
    const now = new Date(world.fake.world.clock.now()).toISOString().slice(0, 19);
    world.fake.do({ do: 'set', kind: 'loadbalancer', id, changes: { provisioning_status: 'ERROR', updated_at: now } });
    await world.operator.pass('edge/public' as never);
    expect(condition(balancer(), 'Ready')).toBe('False ProvisioningError');
    expect(octaviaWrites(world.calls())).toEqual([]);
    world.fake.advance(11 * 60_000);
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([
      'PUT /loadbalancers/{id}/failover', // refused: a customer may not
      'DELETE /loadbalancers/{id}',
      'POST /loadbalancers',
    ]);
    expect(onlyBalancer().vip_port_id).toBe(port);
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });

  test('with deletionProtection a balancer in ERROR is left to people', async () => {
    world.cluster.apply(...publicBalancer({ lifecycle: { deletionProtection: true } }), ...shops(1));
    await world.operator.settle();
    const { id } = onlyBalancer();
    world.fake.advance(2 * 3_600_000);
    const then = new Date(world.fake.world.clock.now() - 3_600_000).toISOString().slice(0, 19);
    world.fake.do({ do: 'set', kind: 'loadbalancer', id, changes: { provisioning_status: 'ERROR', updated_at: then } });
    world.calls();
    await world.operator.pass('edge/public' as never);
    await world.operator.pass('edge/public' as never);
    expect(octaviaWrites(world.calls()).filter((call) => call.startsWith('DELETE'))).toEqual([]);
    expect(condition(balancer(), 'Ready')).toBe('False ProvisioningError');
  });

  test('a balancer that stays PENDING for a quarter of an hour is told to a person', async () => {
    await broughtUp(1);
    const { id } = onlyBalancer();
    const now = new Date(world.fake.world.clock.now()).toISOString().slice(0, 19);
    world.fake.do({
      do: 'set',
      kind: 'loadbalancer',
      id,
      changes: { provisioning_status: 'PENDING_UPDATE', updated_at: now },
    });
    await world.operator.pass('edge/public' as never);
    expect(condition(balancer(), 'Ready')).toBe('Unknown BalancerBusy');
    world.fake.advance(16 * 60_000);
    await world.operator.pass('edge/public' as never);
    expect(condition(balancer(), 'Ready')).toBe('False ProvisioningStuck');
  });

  test('a cloud that takes no port of its customers: its own is used, and ours does not stay behind', async () => {
    await world.close();
    world = await smallWorld({ switches: { allowVipPortId: false } });
    world.cluster.apply(...publicBalancer(), ...shops(1));
    await world.operator.settle();
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
    expect(world.fake.world.neutron.port.all().filter((port) => port.description.startsWith('octopool'))).toEqual([]);
    expect(world.fake.world.neutron.floatingip.all().map((one) => one.port_id)).toEqual([onlyBalancer().vip_port_id]);
  });

  test('one rule that HAProxy does not take is found, switched off and told; the others go on', async () => {
    await broughtUp(3);
    world.fake.do({ do: 'switch', set: { refuseRule: 'shop-4' } });
    world.cluster.apply(...shop(4));
    await world.operator.settle();
    expect(condition(route(4), 'Ready')).toBe('False CloudRefused');
    expect([1, 2, 3].map((number) => condition(route(number), 'Ready'))).toEqual([
      'True Ready',
      'True Ready',
      'True Ready',
    ]);
    world.cluster.apply(...shop(5));
    await world.operator.settle();
    expect(condition(route(5), 'Ready')).toBe('True Ready');
    world.cluster.remove('ServiceRoute', 'team-a', 'shop-4');
    await world.operator.settle();
    expect(condition(balancer(), 'Ready')).toBe('True Ready');
  });
});
