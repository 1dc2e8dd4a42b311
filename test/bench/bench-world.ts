import type { LoggedCall } from '../fake-openstack/calls.ts';
import { isWrite } from '../fake-openstack/calls.ts';
import type { BalancerName } from '../../operator/core/model/brand.ts';
import { type SmallWorld, smallWorld } from '../chaos/support/small-world.ts';
import { ground, type Layer, type Shape } from './shapes.ts';

export type Say = (line: string) => void;

/** A shape on the fake cloud, with the operator's loop over it. */
export interface BenchWorld {
  readonly world: SmallWorld;
  readonly shape: Shape;
  readonly layer: Layer;
  readonly say: Say;
}

/** What something cost, as the cloud counted it. */
export interface Cost {
  readonly writes: number;
  readonly reads: number;
}

/** Three nodes, and balancers without a route; nothing has been done yet. */
export async function benchWorld(of: Omit<BenchWorld, 'world'>): Promise<BenchWorld> {
  const world = await smallWorld({ nodes: 3 });
  world.cluster.apply(...ground(of.shape));
  return { ...of, world };
}

/** Octavia's calls since the last look. */
export function costSince(world: SmallWorld): Cost {
  const octavia = world.calls().filter(({ service }) => service === 'octavia');
  return { writes: octavia.filter(isWrite).length, reads: octavia.filter(isRead).length };
}

export function isRead(call: LoggedCall): boolean {
  return !isWrite(call);
}

/** One pass over each balancer, as a resync does it. */
export async function passEach({ world, say }: BenchWorld, what: string): Promise<void> {
  await each(world.cluster.keys(), { what, say, step: (key) => world.operator.pass(key) });
}

/** Passes over each balancer until it rests, as the queue does it; then over what is the cluster's. */
export async function settleEach({ world, say }: BenchWorld, what: string): Promise<void> {
  await each(world.cluster.keys(), { what, say, step: (key) => world.operator.settle([key]) });
  await world.operator.settle(['nodes']);
}

async function each(
  keys: readonly BalancerName[],
  {
    what,
    say,
    step,
  }: { readonly what: string; readonly say: Say; readonly step: (key: BalancerName) => Promise<unknown> },
): Promise<void> {
  let told = performance.now();
  for (const [at, key] of keys.entries()) {
    await step(key);
    if (performance.now() - told < 10_000) continue;
    told = performance.now();
    say(`  ${what}: ${at + 1} of ${keys.length} balancers`);
  }
}
