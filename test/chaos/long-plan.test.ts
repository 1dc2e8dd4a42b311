import { afterEach, expect, test } from '@jest/globals';
import { balancerName } from '../../operator/core/model/brand.ts';
import { condition, octaviaWrites, shop, type SmallWorld, smallWorld } from './support/small-world.ts';

/** More is to be written than a cloud takes in a short time: each write keeps its balancer busy for seconds. */

let world: SmallWorld;
afterEach(async () => world.close());

async function open(secondsAWrite: number): Promise<void> {
  world = await smallWorld({ nodes: 3, switches: { delays: { default: secondsAWrite * 1_000 } } });
}

const edge = balancerName('edge', 'public');
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** How long one pass took, in seconds of the cloud's clock, and what it asks for. */
async function pass(): Promise<{ readonly took: number; readonly again: unknown }> {
  const { clock } = world.fake.world;
  const began = clock.now();
  const again = await world.operator.pass(edge);
  return { took: (clock.now() - began) / 1000, again };
}

function ready(): number {
  return numbers(2, 13).filter((number) => condition(world.route(number), 'Ready') === 'True Ready').length;
}

// of different lengths, so that the end of the time falls on each of the writes of a route
test.each([3, 4, 5, 7])(
  'a long plan is written in turns, at %i s a write; routes are Ready as they come, and no write is made twice',
  async (seconds) => {
    await open(seconds);
    await world.bringUp(1);
    world.cluster.apply(...numbers(2, 13).flatMap(shop));
    const turns: number[] = [];
    const readyAfter: number[] = [];
    const pauses = new Set<unknown>();
    for (let more = true; more; more = octaviaWrites(world.calls()).length > 0 && turns.length < 100) {
      const { took, again } = await pass();
      turns.push(took);
      readyAfter.push(ready());
      if (ready() < 12) pauses.add(JSON.stringify(again));
    }
    // a route that began in time is written to its end, after the wait for the write before it
    const most = 30 + (1 + 5) * (seconds + 1);
    expect(turns.filter((took) => took > most)).toEqual([]);
    expect(new Set(readyAfter).size).toBeGreaterThan(3);
    expect([...pauses]).toEqual(['{"kind":"after","ms":0}']);
    expect(ready()).toBe(12);
    expect(octaviaWrites(world.fake.calls).length).toBe(1 + 12 * 5);
  },
);

test('a node that goes in the middle of a long plan leaves the pools in the next turn, not at its end', async () => {
  await open(4);
  await world.bringUp(2);
  world.cluster.apply(...numbers(3, 13).flatMap(shop));
  await pass();
  world.cluster.remove('Node', undefined, 'node-3');
  world.calls();
  await pass();
  const writes = octaviaWrites(world.calls());
  const pools = world.fake.world.octavia.tables.pool.all().length;
  expect(writes.slice(0, 2)).toEqual(['PUT /pools/{id}/members', 'PUT /pools/{id}/members']);
  expect({ routes: ready() < 12, pools: pools < 13 }).toEqual({ routes: true, pools: true });
});
