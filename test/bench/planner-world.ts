import { diff } from '../../operator/core/diff/diff.ts';
import { guard } from '../../operator/core/guard/guard.ts';
import { balancerName, type Digest, type Instant } from '../../operator/core/model/brand.ts';
import type { Plan } from '../../operator/core/model/plan.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { Snapshot } from '../../operator/core/model/snapshot.ts';
import { report } from '../../operator/core/report/report.ts';
import { type Decision, decide } from '../../operator/loop/decide.ts';
import type { Readable } from '../../operator/loop/question.ts';
import { digest, nothingSeen, programmed } from '../support/core-fixtures.ts';
import { MemoryCluster } from '../support/memory-cluster.ts';
import { node } from '../chaos/support/small-world.ts';
import { ground, type Layer, routesOf, type Shape } from './shapes.ts';

/** What the planner is given for one balancer. */
export interface Planned {
  readonly snapshot: Snapshot;
  readonly seen: Seen;
}

const now = Date.UTC(2026, 0, 31, 12) as Instant;

/** Every balancer of a shape as it is when all of it is programmed and told: the usual pass, which finds nothing to do. */
export async function settledWorld(shape: Shape, layer: Layer, nodes: number): Promise<readonly Planned[]> {
  return (await settledCluster(shape, layer, nodes)).worlds;
}

export async function settledCluster(
  shape: Shape,
  layer: Layer,
  nodes: number,
): Promise<{ readonly cluster: MemoryCluster; readonly worlds: readonly Planned[] }> {
  const cluster = new MemoryCluster(() => now);
  cluster.apply(...ground(shape), ...routesOf(shape, layer));
  cluster.apply(...Array.from({ length: nodes }, (_, at) => node(`node-${at + 1}`, `10.10.${at >> 8}.${at & 255}`)));
  const names = Array.from({ length: shape.balancers }, (_, at) => balancerName('edge', `balancer-${at + 1}`));
  const worlds: Planned[] = [];
  for (const name of names) {
    await cluster.write({ name, balancer: undefined, routes: [], events: [], finalizer: 'add' });
    const seen = programmed(decision({ snapshot: cluster.read(name), seen: nothingSeen }).wanted);
    await cluster.write(report(passResult({ snapshot: cluster.read(name), seen }), new Map()));
    worlds.push({ snapshot: cluster.read(name), seen });
  }
  return { cluster, worlds };
}

/** The pure part of a pass: intake, claim, translate, diff, guard. */
export function plan(of: Planned): Plan {
  return guard(diff(decision(of).wanted, of.seen), of.seen);
}

export function decision({ snapshot, seen }: Planned, by: Digest = digest): Decision {
  return decide({ snapshot, balancer: readable(snapshot), seen, now, digest: by });
}

function readable({ balancer, name }: Snapshot): Readable {
  if (balancer === undefined || 'invalid' in balancer.spec) throw new Error(`${name} has no spec that can be read`);
  return { ...balancer, spec: balancer.spec };
}

function passResult(of: Planned): Parameters<typeof report>[0] {
  const { intents, claims, verdicts, defaultProblems } = decision(of);
  const done = { applied: [], refused: [], outcome: { kind: 'settled' } } as const;
  const rest = { heldListeners: [], defaultProblems, deletion: undefined };
  return { ...of, now, intents, claims, verdicts, plan: plan(of), done, outcome: done.outcome, ...rest };
}

/** The snapshot as it would come over a wire. */
export function snapshotText({ snapshot }: Planned): string {
  return JSON.stringify(snapshot, (_, value: unknown) =>
    value instanceof Map ? (Object.fromEntries(value) as unknown) : value,
  );
}
