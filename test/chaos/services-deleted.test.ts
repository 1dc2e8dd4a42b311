import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dedicatedName } from '../../operator/core/model/brand.ts';
import { addresses, dedicated, plainService, teamWorld, webOf } from './support/plain-services.ts';
import { condition, messageOf, type SmallWorld, writesOf } from './support/small-world.ts';

/** A Service that is Terminating because its own load balancer does not go: nothing but a condition and an event can tell why. */

const own = dedicatedName('team-a', 'web');
const pausedMessage =
  'The annotation octopool.dev/paused is set, so nothing is removed. Take it off to let the balancer go.';
let world: SmallWorld;

beforeEach(async () => {
  world = await teamWorld();
});
afterEach(async () => world.close());

const web = () => webOf(world);

async function apply(annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  world.cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated, annotations }));
  await world.operator.settle();
}

function events(): readonly string[] {
  return world.cluster.events.splice(0).map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}

test('one that is paused waits, and its owner is told why, once; then it goes', async () => {
  await apply({ 'octopool.dev/paused': 'false' });
  await apply({ 'octopool.dev/paused': 'true' });
  const before = { told: condition(web(), 'octopool.dev/Programmed'), addresses: addresses(web()) };
  events();
  world.calls();
  world.cluster.remove('Service', 'team-a', 'web');
  await world.operator.settle();
  const { statusWrites } = world.cluster;
  await world.operator.pass(own);
  expect({
    deleting: [condition(web(), 'octopool.dev/Deleting'), messageOf(web(), 'octopool.dev/Deleting')],
    beside: { told: condition(web(), 'octopool.dev/Programmed'), addresses: addresses(web()) },
    events: events(),
    again: world.cluster.statusWrites - statusWrites,
    writes: writesOf(world.calls()),
  }).toEqual({
    deleting: ['True Paused', pausedMessage],
    beside: before,
    events: [`Warning DeletionBlocked: ${pausedMessage}`],
    again: 0,
    writes: [],
  });
  world.cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated }));
  await world.operator.settle();
  expect({ web: web(), left: world.fake.world.octavia.tables.loadbalancer.all().length }).toEqual({
    web: undefined,
    left: 0,
  });
});

test('one whose cloud cannot be read reads so, and goes when it can', async () => {
  await apply();
  world.cluster.remove('Service', 'team-a', 'web');
  const action = { kind: 'answer', status: 503 } as const;
  const fault = world.fake.fault({ service: 'octavia', method: 'GET', times: 0, action });
  await world.operator.pass(own);
  expect([fault.struck > 0, condition(web(), 'octopool.dev/Deleting')]).toEqual([true, 'True CloudUnavailable']);
  fault.disarm();
  await world.operator.settle();
  expect(web()).toBeUndefined();
});

test('of one that goes as it should nothing is said', async () => {
  await apply();
  events();
  const { statusWrites } = world.cluster;
  world.cluster.remove('Service', 'team-a', 'web');
  await world.operator.settle();
  expect([web(), events(), world.cluster.statusWrites - statusWrites]).toEqual([undefined, [], 0]);
});
