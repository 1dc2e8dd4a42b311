import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Manifest } from '../support/manifests.ts';
import {
  condition,
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
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });

  test('a child that a machine refused once is told again, and becomes ACTIVE', async () => {
    await world.bringUp(2);
    world.fake.do({ do: 'outcome', kind: 'healthmonitor.create', outcome: 'failed' });
    world.cluster.apply(...shop(3));
    await expect(world.operator.settle()).resolves.toBeUndefined();
    const { healthmonitor, listener } = world.fake.world.octavia.tables;
    expect([...healthmonitor.all(), ...listener.all()].map((one) => one.provisioning_status)).toEqual(
      Array.from({ length: 4 }, () => 'ACTIVE'),
    );
    expect(condition(world.route(3), 'Ready')).toBe('True Ready');
  });

  test('a balancer that another write makes busy is waited for inside of the pass', async () => {
    await world.bringUp(2);
    const faultstring = `Load Balancer ${world.loadBalancer().id} is immutable and cannot be updated.`;
    const action = {
      kind: 'answer',
      status: 409,
      body: { faultcode: 'Client', faultstring, debuginfo: null },
    } as const;
    world.fake.fault({ service: 'octavia', method: 'POST', path: '/pools$', times: 3, action });
    world.cluster.apply(...shop(3));
    await world.operator.pass('edge/public' as never);
    const accepted = world.calls().filter(({ status }) => status < 300);
    expect(octaviaWrites(accepted)).toEqual([
      'POST /pools',
      'PUT /pools/{id}/members',
      'POST /healthmonitors',
      'POST /l7policies',
      'POST /l7policies/{id}/rules',
    ]);
  });

  test('a balancer in ERROR is told at once; after ten minutes it is made again on its port', async () => {
    await world.bringUp(2);
    const { id, vip_port_id: port } = world.loadBalancer();
    world.fake.advance(2 * 3_600_000);
    const now = new Date(world.fake.world.clock.now()).toISOString().slice(0, 19);
    world.fake.do({ do: 'set', kind: 'loadbalancer', id, changes: { provisioning_status: 'ERROR', updated_at: now } });
    await world.operator.pass('edge/public' as never);
    expect(condition(world.balancer(), 'Ready')).toBe('False ProvisioningError');
    expect(octaviaWrites(world.calls())).toEqual([]);
    world.fake.advance(11 * 60_000);
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([
      'PUT /loadbalancers/{id}/failover', // refused: a customer may not
      'DELETE /loadbalancers/{id}',
      'POST /loadbalancers',
    ]);
    expect(world.loadBalancer().vip_port_id).toBe(port);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
    expect(told('Failover')).toEqual([]);
  });

  test('where the credentials may ask for a failover, that mends it; each ask is told once', async () => {
    await world.close();
    world = await smallWorld({ user: 'tenant-a-admin' });
    await world.bringUp(1);
    const { id } = world.loadBalancer();
    for (const asks of [1, 2]) {
      world.fake.advance(3_600_000);
      const then = new Date(world.fake.world.clock.now() - 900_000).toISOString().slice(0, 19);
      const changes = { provisioning_status: 'ERROR', updated_at: then };
      world.fake.do({ do: 'set', kind: 'loadbalancer', id, changes });
      await world.operator.settle();
      await world.operator.pass('edge/public' as never);
      expect(octaviaWrites(world.calls())).toEqual(['PUT /loadbalancers/{id}/failover']);
      expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
      expect(told('Failover')).toEqual(
        Array(asks).fill(`Normal: Load balancer ${id} was in ERROR for ten minutes; a failover was asked for.`),
      );
    }
  });

  test('with deletionProtection a balancer in ERROR is left to people', async () => {
    world.cluster.apply(...publicBalancer({ lifecycle: { deletionProtection: true } }), ...shops(1));
    await world.operator.settle();
    const { id } = world.loadBalancer();
    world.fake.advance(2 * 3_600_000);
    const then = new Date(world.fake.world.clock.now() - 3_600_000).toISOString().slice(0, 19);
    world.fake.do({ do: 'set', kind: 'loadbalancer', id, changes: { provisioning_status: 'ERROR', updated_at: then } });
    world.calls();
    await world.operator.pass('edge/public' as never);
    await world.operator.pass('edge/public' as never);
    expect(octaviaWrites(world.calls()).filter((call) => call.startsWith('DELETE'))).toEqual([]);
    expect(condition(world.balancer(), 'Ready')).toBe('False ProvisioningError');
  });

  test('a floating IP that somebody put on an internal balancer is left there, and told each time it comes', async () => {
    await world.bringUp(1);
    const [floating] = world.fake.world.neutron.floatingip.all();
    if (floating === undefined) throw new Error('there is no floating IP');
    const { id, port_id: port } = floating;
    const change = (changes: Record<string, unknown>): unknown =>
      world.fake.do({ do: 'set', kind: 'floatingip', id, changes });
    const passes = async (): Promise<readonly string[]> => {
      await world.operator.settle();
      await world.operator.pass('edge/public' as never);
      return told('ForeignFloatingIP');
    };
    change({ description: 'by hand' });
    expect(await passes()).toEqual([]);
    world.cluster.apply(...publicBalancer({ network: { floatingIP: { mode: 'None' } } }));
    const message = `Warning: network.floatingIP.mode is None, and floating IP ${floating.floating_ip_address}, which is not Octopool's, is on the VIP port: the balancer can be reached from outside. It is left there. Take it off in the cloud, or name it with mode Existing.`;
    expect(await passes()).toEqual([message]);
    change({ port_id: null });
    expect(await passes()).toEqual([message]);
    change({ port_id: port });
    expect(await passes()).toEqual([message, message]);
    expect(world.calls().filter(({ method, path }) => method !== 'GET' && path.includes('floatingips'))).toEqual([]);
  });

  test('a balancer that stays PENDING for a quarter of an hour is told to a person', async () => {
    await world.bringUp(1);
    const { id } = world.loadBalancer();
    const now = new Date(world.fake.world.clock.now()).toISOString().slice(0, 19);
    world.fake.do({
      do: 'set',
      kind: 'loadbalancer',
      id,
      changes: { provisioning_status: 'PENDING_UPDATE', updated_at: now },
    });
    await world.operator.pass('edge/public' as never);
    expect(condition(world.balancer(), 'Ready')).toBe('Unknown BalancerBusy');
    world.fake.advance(16 * 60_000);
    await world.operator.pass('edge/public' as never);
    expect(condition(world.balancer(), 'Ready')).toBe('False ProvisioningStuck');
  });

  test('a cloud that takes no port of its customers: its own is used, and ours does not stay behind', async () => {
    await world.close();
    world = await smallWorld({ switches: { allowVipPortId: false } });
    world.cluster.apply(...publicBalancer(), ...shops(1));
    await world.operator.settle();
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
    expect(world.fake.world.neutron.port.all().filter((port) => port.description.startsWith('octopool'))).toEqual([]);
    expect(world.fake.world.neutron.floatingip.all().map((one) => one.port_id)).toEqual([
      world.loadBalancer().vip_port_id,
    ]);
  });

  test('one rule that HAProxy does not take is found, switched off and told; the others go on', async () => {
    await world.bringUp(3);
    world.fake.do({ do: 'switch', set: { refuseRule: 'shop-4' } });
    world.cluster.apply(...shop(4));
    await world.operator.settle();
    expect(condition(world.route(4), 'Ready')).toBe('False CloudRefused');
    expect([1, 2, 3].map((number) => condition(world.route(number), 'Ready'))).toEqual([
      'True Ready',
      'True Ready',
      'True Ready',
    ]);
    world.cluster.apply(...shop(5));
    await world.operator.settle();
    expect(condition(world.route(5), 'Ready')).toBe('True Ready');
    world.cluster.remove('ServiceRoute', 'team-a', 'shop-4');
    await world.operator.settle();
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });

  test('a pool in ERROR takes no members: it is healed first, then it gets those of now', async () => {
    await world.bringUp(2);
    const [pool] = world.fake.world.octavia.tables.pool.all();
    const changes = { provisioning_status: 'ERROR' };
    world.fake.do({ do: 'set', kind: 'pool', id: pool?.id ?? '', changes });
    world.cluster.remove('Node', undefined, 'node-2');
    await world.operator.settle();
    expect(octaviaWrites(world.calls())).toEqual([
      'PUT /pools/{id}',
      'PUT /pools/{id}/members',
      'PUT /pools/{id}/members',
    ]);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });

  test.each([
    ['routes', 4, 5, shop],
    ['routes', 5, 4, shop],
    ['redirects', 4, 5, redirect], // one that has no pool to stop it is suspected before its elder
    ['redirects', 5, 4, redirect],
  ] as const)(
    'of two new %s, of which shop-%i is not taken, shop-%i is served in the end',
    async (_, bad, good, one) => {
      await world.bringUp(3);
      world.fake.do({ do: 'switch', set: { refuseRule: `shop-${bad}` } });
      world.cluster.apply(...one(4), ...one(5));
      await world.operator.settle();
      expect([bad, good].map((number) => condition(world.route(number), 'Ready'))).toEqual([
        'False CloudRefused',
        'True Ready',
      ]);
    },
  );
});

/** As shop(), but that nothing stands behind it. */
function redirect(number: number): readonly Manifest[] {
  const [route] = shop(number).filter(({ kind }) => kind === 'ServiceRoute');
  const action = { type: 'Redirect', redirect: { url: `https://elsewhere-${number}.example.org/` } };
  const http = { hostnames: [`shop-${number}.example.com`], rules: [{ name: 'all', action }] };
  return [{ ...route, spec: { balancerRef: { name: 'public', namespace: 'edge' }, http } }];
}

function told(reason: string): readonly string[] {
  return world.cluster.events
    .filter((event) => event.reason === reason && event.name === 'public')
    .map(({ type, message }) => `${type}: ${message}`);
}
