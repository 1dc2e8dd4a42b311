import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type BalancerName, balancerName, dedicatedName } from '../../operator/core/model/brand.ts';
import { dedicated, plainService } from './support/plain-services.ts';
import { publicBalancer, shops, type SmallWorld, smallWorld, writesOf } from './support/small-world.ts';

/** What is there by the caches, and gone by the API server: a watch is always a little late, and a broken one more than that. */

let world: SmallWorld;

beforeEach(async () => {
  world = await smallWorld();
});
afterEach(async () => world.close());

/** Removes the object, of which the caches go on telling as it was. */
function removeUnseen(kind: string, namespace: string, name: string, key: BalancerName): void {
  const { cluster } = world;
  const before = cluster.read(key);
  cluster.remove(kind, namespace, name);
  const read = cluster.read.bind(cluster);
  cluster.read = (one) => (one === key ? before : read(one));
}

const shared = balancerName('edge', 'public');

test('a SharedBalancer that went before its finalizer stood gets no load balancer, which nobody would ever remove', async () => {
  world.cluster.apply(...publicBalancer(), ...shops(1));
  removeUnseen('SharedBalancer', 'edge', 'public', shared);
  expect(await world.operator.pass(shared)).toEqual({ kind: 'never' });
  expect(writesOf(world.calls())).toEqual([]);
});

test('nor does one whose end another leader has seen to', async () => {
  await world.bringUp(1);
  const before = world.cluster.read(shared);
  for (const { metadata } of world.cluster.all('ServiceRoute'))
    world.cluster.remove('ServiceRoute', metadata.namespace, metadata.name);
  world.cluster.remove('SharedBalancer', 'edge', 'public');
  await world.operator.settle();
  expect(world.fake.world.octavia.tables.loadbalancer.all()).toEqual([]);
  world.calls();
  world.cluster.read = () => before;
  expect(await world.operator.pass(shared)).toEqual({ kind: 'never' });
  expect(writesOf(world.calls())).toEqual([]);
});

test('nor does a Service', async () => {
  world.cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated }));
  const own = dedicatedName('team-a', 'web');
  removeUnseen('Service', 'team-a', 'web', own);
  expect(await world.operator.pass(own)).toEqual({ kind: 'never' });
  expect(writesOf(world.calls())).toEqual([]);
});
