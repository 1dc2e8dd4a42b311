import { balancerProblem } from '../model/balancer-problem.ts';
import type { CloudId } from '../model/brand.ts';
import type { Operation, Plan } from '../model/plan.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import { type Calm, driftOf } from './drift.ts';

/** What the owner of the balancer permits. */
export interface Permission {
  /** octopool.dev/paused on the balancer: nothing is written. */
  readonly paused: boolean;
  /** Report: what somebody else changed is told and stays so. */
  readonly driftPolicy: 'Repair' | 'Report';
  readonly calm: Calm;
}

const everything: Permission = { paused: false, driftPolicy: 'Repair', calm: () => false };

/** Takes out of a plan what we may not do, and says why. The last pure step before anything is written. */
export function guard(operations: readonly Operation[], seen: Seen, permission: Permission = everything): Plan {
  const standing = balancerProblem(seen);
  const foreign = foreignIds(seen);
  const drifted = driftOf(operations, seen, permission.calm);
  const reported = permission.driftPolicy === 'Report' ? new Set(drifted) : new Set<Operation>();
  const kept: Operation[] = [];
  const withheld: { operation: Operation; problem: Problem }[] = [];
  for (const operation of operations) {
    const problem =
      (permission.paused ? pausedProblem : undefined) ??
      (standing !== undefined && !endsIt(operation) ? standing : undefined) ??
      ownerProblem(operation, foreign) ??
      (reported.has(operation) ? driftProblem(operation) : undefined);
    if (problem === undefined) kept.push(operation);
    else withheld.push({ operation, problem });
  }
  return { operations: kept, withheld, drifted };
}

const pausedProblem: Problem = {
  reason: 'Paused',
  message: 'The annotation octopool.dev/paused is set, so nothing is written to the cloud. Take it off to go on.',
};

function driftProblem({ why }: Operation): Problem {
  return {
    reason: 'Drifted',
    message: `Somebody else changed the load balancer (${why}), and sync.driftPolicy is Report. Set it to Repair to have it put back.`,
  };
}

/** What may be done to a balancer that takes no other write. */
function endsIt({ kind }: Operation): boolean {
  return (
    kind === 'deleteLoadBalancer' ||
    kind === 'failoverLoadBalancer' ||
    kind === 'deleteFloatingIP' ||
    kind === 'deleteVipPort'
  );
}

/** Never by name alone: what does not carry our tags is reported, never touched. */
function ownerProblem(operation: Operation, foreign: ReadonlySet<CloudId>): Problem | undefined {
  if (!('id' in operation) || !foreign.has(operation.id)) return undefined;
  return {
    reason: 'ForeignOwner',
    message: `Object ${operation.id} does not carry the tags of this balancer. It stays as it is.`,
  };
}

function foreignIds(seen: Seen): ReadonlySet<CloudId> {
  const children = [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies].filter(
    (child) => child.tags === undefined,
  );
  const balancer = seen.loadBalancer?.foreignCluster === undefined ? [] : [seen.loadBalancer];
  return new Set([...children, ...balancer].map((object) => object.id));
}
