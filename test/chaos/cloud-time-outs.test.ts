import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BalancerName } from '../../operator/core/model/brand.ts';
import {
  condition,
  publicBalancer,
  shop,
  shops,
  type SmallWorld,
  smallWorld,
  writesOf,
} from './support/small-world.ts';

/** Answers that are waited for no longer than they may take. */

const deadlineMs = 500;
const name = 'edge/public' as BalancerName;
let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld({ deadlineMs });
});
afterEach(() => world.close());

/** A pass that ends by itself, long before it would be ended. */
const pass = () => world.operator.pass(name, AbortSignal.timeout(20_000));

test.each(['before', 'after'] as const)(
  'a write without an answer, kept waiting %s it happens, is given up, told, and leaves one of each in the end',
  async (when) => {
    await world.bringUp(2);
    world.fake.fault({ service: 'octavia', method: 'POST', path: '/pools$', when, action: { kind: 'hold' } });
    world.cluster.apply(...shop(3));
    await expect(pass()).resolves.toEqual({ kind: 'backoff' });
    expect(condition(world.balancer(), 'Ready')).toBe('False CloudUnavailable');
    await world.operator.settle();
    expect(condition(world.balancer(), 'Ready')).toBe('True Ready');
    expect(world.fake.world.octavia.tables.pool.all()).toHaveLength(3);
  },
);

test('a read without an answer ends the pass, and what is programmed stays', async () => {
  await world.bringUp(1);
  world.fake.fault({ service: 'octavia', method: 'GET', path: '/pools$', action: { kind: 'hold' } });
  await expect(pass()).resolves.toEqual({ kind: 'backoff' });
  expect(condition(world.balancer(), 'Ready')).toBe('False CloudUnavailable');
  await world.operator.settle();
  expect([condition(world.balancer(), 'Ready'), writesOf(world.calls())]).toEqual(['True Ready', []]);
});

test('the create of a whole tree may take longer than any other call', async () => {
  const slow = { kind: 'delay', ms: 4 * deadlineMs } as const;
  world.fake.fault({ service: 'octavia', method: 'POST', path: '/loadbalancers$', when: 'after', action: slow });
  world.cluster.apply(...publicBalancer(), ...shops(3));
  await expect(pass()).resolves.toEqual({ kind: 'after', ms: 0 });
  await world.operator.settle();
  expect(writesOf(world.calls()).filter((call) => call === 'POST /loadbalancers')).toEqual(['POST /loadbalancers']);
});
