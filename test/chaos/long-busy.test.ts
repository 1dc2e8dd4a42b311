import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { balancerName } from '../../operator/core/model/brand.ts';
import { condition, shop, type SmallWorld, smallWorld } from './support/small-world.ts';

/** A load balancer that others keep busy for hours: a worker of Octavia died on it, or an administrator works on it. */

let world: SmallWorld;

beforeEach(async () => {
  world = await smallWorld();
});
afterEach(async () => world.close());

const edge = balancerName('edge', 'public');

function set(status: string): void {
  const { id } = world.loadBalancer();
  world.fake.do({ do: 'set', kind: 'loadbalancer', id, changes: { provisioning_status: status } });
}

/** What a pass took and asks for, in seconds of the cloud's clock. */
async function timeOfPass(): Promise<{ readonly took: number; readonly pause: number }> {
  const { clock } = world.fake.world;
  const began = clock.now();
  const again = await world.operator.pass(edge);
  return { took: (clock.now() - began) / 1000, pause: again.kind === 'after' ? again.ms / 1000 : Infinity };
}

test('a balancer that is found busy holds its worker for seconds, and is looked at less and less often, but is not forgotten', async () => {
  await world.bringUp(1);
  set('PENDING_UPDATE');
  world.cluster.apply(...shop(2));
  const first = await timeOfPass();
  expect(first.took).toBeLessThanOrEqual(6);
  expect(first.pause).toBeLessThanOrEqual(3);
  world.fake.advance(120_000);
  const later = await timeOfPass();
  expect(later.pause).toBeGreaterThan(10);
  world.fake.advance(6 * 3_600_000);
  const muchLater = await timeOfPass();
  expect([muchLater.took <= 6, muchLater.pause]).toEqual([true, 60]);
  set('ACTIVE');
  await world.operator.settle();
  expect(condition(world.route(2), 'Ready')).toBe('True Ready');
});
