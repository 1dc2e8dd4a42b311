import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from 'openstack-sdk-lite/cloud';
import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import {
  condition,
  octaviaWrites,
  publicBalancer,
  shop,
  shops,
  writesOf,
  type SmallWorld,
  smallWorld,
} from './support/small-world.ts';

/** What the operator does and says when the cloud is not what it should be. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

describe('answers that never come, or come too late', () => {
  const lost = { kind: 'drop' } as const;
  const away = { kind: 'answer', status: 503 } as const;

  test('a create whose answer is lost is found again by its tags, and not sent twice', async () => {
    world.fake.fault({ service: 'octavia', method: 'POST', path: '/loadbalancers$', when: 'after', action: lost });
    world.cluster.apply(...publicBalancer(), ...shops(2));
    await world.operator.settle();
    expect(writesOf(world.calls()).filter((call) => call === 'POST /loadbalancers')).toEqual(['POST /loadbalancers']);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });

  test('a create that a gateway gave up on may still be on its way, so it is not sent again at once', async () => {
    const action = { kind: 'answer', status: 504 } as const;
    world.fake.fault({ service: 'octavia', method: 'POST', path: '/loadbalancers$', action });
    world.cluster.apply(...publicBalancer(), ...shops(1));
    expect(await world.operator.pass('edge/public' as never)).toEqual({ kind: 'after', ms: 25_000 });
    const refused = { ...action, status: 503 };
    world.fake.fault({ service: 'octavia', method: 'POST', path: '/loadbalancers$', action: refused });
    expect(await world.operator.pass('edge/public' as never)).toEqual({ kind: 'backoff' });
  });

  test('the port and the address whose answers are lost are used, and no second ones are made', async () => {
    world.fake.fault({ service: 'neutron', method: 'POST', path: '/ports$', when: 'after', action: lost });
    world.fake.fault({ service: 'neutron', method: 'POST', path: '/floatingips$', when: 'after', action: lost });
    world.cluster.apply(...publicBalancer(), ...shops(1));
    await world.operator.settle();
    const { neutron } = world.fake.world;
    expect(neutron.floatingip.all()).toHaveLength(1);
    expect(neutron.port.all().filter((port) => port.description.startsWith('octopool'))).toHaveLength(1);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });

  const partsOfRoute = [
    ['pool', '/pools$'],
    ['members', '/members$'],
    ['monitor', '/healthmonitors$'],
    ['policy', '/l7policies$'],
    ['rule', '/rules$'],
  ] as const;
  test.each(partsOfRoute.flatMap((part) => [[lost, ...part] as const, [away, ...part] as const]))(
    'after the answer %j about the %s of a new route, which was made, there is one of each in the end',
    async (action, _, path) => {
      await world.bringUp(2);
      world.fake.fault({ service: 'octavia', path, writes: true, when: 'after', action });
      world.cluster.apply(...shop(3));
      await world.operator.settle();
      const { tables } = world.fake.world.octavia;
      const counts = [tables.pool, tables.healthmonitor, tables.l7policy, tables.l7rule].map(
        (table) => table.all().length,
      );
      expect(counts).toEqual([3, 3, 3, 3]);
      expect(condition(world.route(3), 'Ready')).toBe('True Ready');
    },
  );

  test.each([500, 502, 503, 504])(
    'a %i after the create has happened is tried again, and makes no second',
    async (status) => {
      const action = { kind: 'answer', status } as const;
      world.fake.fault({ service: 'octavia', method: 'POST', path: '/loadbalancers$', when: 'after', action });
      world.cluster.apply(...publicBalancer(), ...shops(2));
      await world.operator.settle();
      expect(octaviaWrites(world.calls())).toEqual(['POST /loadbalancers']);
      expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
    },
  );

  test.each(['listeners', 'pools', 'healthmonitors', 'l7policies'])(
    'a list of %s that comes back empty once makes nothing a second time',
    async (kind) => {
      await world.bringUp(2);
      const action = { kind: 'answer', status: 200, body: { [kind]: [] } } as const;
      const empty = world.fake.fault({ service: 'octavia', method: 'GET', path: `/${kind}$`, action });
      await world.operator.settle();
      expect([empty.struck, octaviaWrites(world.calls())]).toEqual([1, []]);
    },
  );

  test('a pool that a lost request makes late, beside the one that was made for it since, goes again', async () => {
    await world.bringUp(2);
    const { pool } = world.fake.world.octavia.tables;
    const [first] = pool.all();
    if (first === undefined) throw new Error('there is a pool');
    const cloud = connect({
      credentials: async () => parseCloudsYaml(world.fake.cloudsYaml, 'tenant-a'),
      userAgent: 'late/1',
    });
    const { name, protocol, lb_algorithm, tags } = first;
    await cloud.octavia.pools.create({ loadbalancer_id: world.loadBalancer().id, name, protocol, lb_algorithm, tags });
    await cloud.close();
    await world.operator.settle();
    expect(
      pool
        .all()
        .map((one) => one.name)
        .filter((one) => one === name),
    ).toEqual([name]);
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
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
      expect(condition(world.balancer(), 'Ready')).toBe('False CloudUnavailable');
      await world.operator.settle();
      expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
      expect(world.fake.world.octavia.tables.loadbalancer.all()).toHaveLength(1);
    },
  );

  test('a token that is refused in the middle is renewed, and nothing is sent twice', async () => {
    await world.bringUp(2);
    world.fake.do({ do: 'revoke-tokens' });
    world.cluster.apply(...shop(3));
    await world.operator.settle();
    const accepted = world.calls().filter(({ status }) => status < 300);
    expect(octaviaWrites(accepted)).toHaveLength(5);
    expect(condition(world.route(3), 'Ready')).toBe('True Ready');
  });

  test('a password that is wrong is told, what is programmed stays, and the right one is picked up', async () => {
    await world.bringUp(1);
    world.fake.do({ do: 'revoke-tokens' });
    world.fake.do({ do: 'password', user: 'tenant-a', password: 'another' });
    await world.operator.pass('edge/public' as never);
    expect(condition(world.balancer(), 'Ready')).toBe('False CredentialsInvalid');
    expect(writesOf(world.calls())).toEqual([]);
    world.rotateCredentials();
    await world.operator.settle();
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
  });
});
