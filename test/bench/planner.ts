import type { Say } from './bench-world.ts';
import { figure, type Figure } from './figure.ts';
import { residentMiB } from './memory.ts';
import { type Planned, plan, settledWorld, snapshotText } from './planner-world.ts';
import { crowdedShape, type Shape, usualShapes } from './shapes.ts';

const nodes = 3;
const repetitions = 7;
const longEnough = 0.2;

const shapes: readonly Shape[] = [...usualShapes, crowdedShape, { routes: 10_000, balancers: 1 }];

/** The pure part of a pass against JSON.parse of its snapshot, where nothing is to be done: what every resync costs. */
export async function plannerFigures(say: Say): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const shape of shapes) {
    const { routes: n, balancers } = shape;
    say(`planner: ${n} routes on ${balancers} ${balancers === 1 ? 'balancer' : 'balancers'}`);
    const worlds = await settledWorld(shape, 'L7', nodes);
    const { seconds, parseRatio } = timed(worlds);
    const resident = await residentMiB(shape);
    figures.push(figure({ scenario: 'planner', n, balancers, seconds, parseRatio, residentMiB: resident }));
  }
  return figures;
}

function timed(worlds: readonly Planned[]): { readonly seconds: number; readonly parseRatio: number } {
  const writes = worlds.reduce((sum, world) => sum + plan(world).operations.length, 0);
  if (writes > 0) throw new Error(`${writes} writes are planned where nothing is to be done`);
  const texts = worlds.map(snapshotText);
  const parse = best(() => {
    for (const text of texts) JSON.parse(text);
  });
  const seconds = best(() => {
    for (const world of worlds) plan(world);
  });
  return { seconds, parseRatio: seconds / parse };
}

/** Processor seconds of this thread: other processes of the machine do not count. The best of several, for garbage comes at any time. */
function best(work: () => void): number {
  let least = Infinity;
  for (let at = 0; at < repetitions; at += 1) least = Math.min(least, once(work));
  return least;
}

/** That clock ticks every few milliseconds, so what is short is done many times over. */
function once(work: () => void): number {
  globalThis.gc?.();
  const began = processorSeconds();
  for (let times = 1; ; times += 1) {
    work();
    const passed = processorSeconds() - began;
    if (passed >= longEnough) return passed / times;
  }
}

function processorSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000_000;
}
