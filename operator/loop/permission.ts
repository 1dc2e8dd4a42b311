import { refusing } from '../core/diff/poison.ts';
import type { Circumstances } from '../core/diff/rescue.ts';
import type { Permission } from '../core/guard/guard.ts';
import type { Done, Plan } from '../core/model/plan.ts';
import type { Seen } from '../core/model/seen.ts';
import type { Condition, Snapshot } from '../core/model/snapshot.ts';
import type { Deps } from './deps.ts';
import type { Readable } from './question.ts';

/** What the owner of a balancer permits the guard to let through. */
export function permission({ routes }: Snapshot, balancer: Readable): Permission {
  const balancerCalm = wasReady(balancer.meta.generation, balancer.status.conditions);
  const calmRoutes = new Set(
    routes.filter(({ meta, status }) => wasReady(meta.generation, status.conditions)).map(({ meta }) => meta.uid),
  );
  return {
    paused: balancer.switches.paused,
    driftPolicy: balancer.spec.sync.driftPolicy,
    calm: (unit) =>
      balancerCalm && (unit === undefined || unit.owner === balancer.meta.uid || calmRoutes.has(unit.owner)),
  };
}

function wasReady(generation: number, conditions: readonly Condition[]): boolean {
  return conditions.some(
    ({ type, status, observedGeneration }) =>
      type === 'Ready' && status === 'True' && observedGeneration === generation,
  );
}

export function circumstances({ spec, switches, meta }: Readable, { now, failovers, toldAgain }: Deps): Circumstances {
  const protectedFrom = spec.lifecycle.deletionProtection && !switches.allowDisruptive;
  return {
    now: now(),
    mayRemake: spec.sync.driftPolicy === 'Repair' && !protectedFrom,
    failoverTried: failovers.has(meta.uid),
    toldAgain: toldAgain.has(meta.uid) ? 'toldAgain' : 'notYet',
  };
}

/** What was tried against the present trouble; forgotten when it is over. Lost with the process: then it is tried once more. */
export function rememberAttempts(
  of: { readonly balancer: Readable; readonly seen: Seen; readonly plan: Plan; readonly done: Done },
  { failovers, toldAgain }: Pick<Deps, 'failovers' | 'toldAgain'>,
): void {
  const { uid } = of.balancer.meta;
  // a turn may have ended before it came to them
  const tried = [...of.done.applied, ...of.done.refused.map(({ operation }) => operation)];
  if (of.plan.operations.some(({ kind }) => kind === 'failoverLoadBalancer')) failovers.add(uid);
  else if (of.seen.loadBalancer?.provisioningStatus !== 'ERROR') failovers.delete(uid);
  if (tried.some(({ heals }) => heals === true)) toldAgain.add(uid);
  else if (!refusing(of.seen)) toldAgain.delete(uid);
}
