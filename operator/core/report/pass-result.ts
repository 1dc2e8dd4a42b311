import { balancerProblem } from '../model/balancer-problem.ts';
import type { Instant } from '../model/brand.ts';
import type { Intents } from '../model/intents.ts';
import type { Outcome, Plan, Done } from '../model/plan.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Ownership } from '../model/tags.ts';
import type { Claims, Verdict } from '../model/verdict.ts';

/** Everything that one pass learned and did, as the report needs it. */
export interface PassResult {
  readonly snapshot: Snapshot;
  readonly now: Instant;
  /** undefined: the cloud could not be read; `outcome` says why. */
  readonly seen: Seen | undefined;
  /** undefined: nothing was decided. */
  readonly intents: Intents | undefined;
  readonly claims: Claims | undefined;
  readonly verdicts: readonly Verdict[];
  readonly plan: Plan | undefined;
  readonly done: Pick<Done, 'applied' | 'refused'> | undefined;
  readonly outcome: Outcome;
  /** Listeners that are held back, with the reason. */
  readonly heldListeners: readonly { readonly listener: string; readonly problem: Problem }[];
  /** What is wrong with default backends of listeners: the platform team's, and nobody else's. */
  readonly defaultProblems: readonly Problem[];
  /** What keeps a deletion waiting. */
  readonly deletion: { readonly problem: Problem } | undefined;
}

/** The first thing that stands between the balancer and its wanted state; undefined when they are equal and all is ACTIVE. */
export function balancerTrouble(result: PassResult): Problem | undefined {
  return wholeTrouble(result) ?? childTrouble(result.seen, () => true);
}

/** What concerns the balancer as a whole; a child that is not ACTIVE concerns those whom it serves. */
export function wholeTrouble(result: PassResult): Problem | undefined {
  const { outcome, plan, seen, done } = result;
  if (seen?.resolved.problem !== undefined) return seen.resolved.problem;
  // what another hand changed stands in DriftDetected; it takes nobody's Ready away
  const withheld = plan?.withheld.find(({ problem }) => problem.reason !== 'Drifted');
  if (withheld !== undefined) return withheld.problem;
  const refused = done?.refused.find((entry) => entry.operation.unit === undefined);
  if (refused !== undefined) return refused.problem;
  const stuck = standstill(result);
  if (stuck !== undefined) return stuck;
  // what was refused to single rules stands on their routes
  const ofAll = outcome.kind === 'waiting' || (outcome.kind === 'failed' && outcome.concerns === 'balancer');
  if (ofAll) return outcome.problem;
  return notActive(result);
}

/** Longer than anything that Octavia does: nothing that we could send helps any more. */
const stuckMs = 15 * 60_000;

/** What no waiting mends. */
function standstill({ seen, now }: PassResult): Problem | undefined {
  const there = seen?.loadBalancer;
  if (there === undefined) return undefined;
  const { provisioningStatus: status, updatedAt, createdAt, id } = there;
  const since = updatedAt ?? createdAt ?? now;
  if (status.startsWith('PENDING') && now - since > stuckMs)
    return {
      reason: 'ProvisioningStuck',
      message: `Load balancer ${id} has been ${status} for ${Math.floor((now - since) / 60_000)} min. Ask the cloud's admin to set its status right.`,
    };
  if (status === 'ACTIVE' && seen?.vipPort === undefined)
    return {
      reason: 'ProvisioningError',
      message: `The VIP port of load balancer ${id} was deleted. Where sync.driftPolicy and lifecycle.deletionProtection let it, the balancer is made again with the same address.`,
    };
  return undefined;
}

export function notActive({ seen, snapshot }: PassResult): Problem | undefined {
  const known = snapshot.balancer?.status.loadBalancerID;
  if (seen?.loadBalancer === undefined && snapshot.balancer?.meta.deletedAt !== undefined)
    return { reason: 'WaitingForCloud', message: 'The load balancer is gone; what is left of it is being removed.' };
  if (seen?.loadBalancer === undefined && known !== undefined)
    return {
      reason: 'LoadBalancerMissing',
      message: `Load balancer ${known} was deleted outside of Kubernetes. It is made again with the same address.`,
    };
  if (seen?.loadBalancer === undefined)
    return { reason: 'Pending', message: 'The load balancer is not there yet. It is being made.' };
  const broken = balancerProblem(seen);
  if (broken !== undefined) return broken;
  const status = seen.loadBalancer.provisioningStatus;
  if (status !== 'ACTIVE')
    return { reason: 'BalancerBusy', message: `The load balancer is ${status}. It is looked at again by itself.` };
  return undefined;
}

export function childTrouble(seen: Seen | undefined, concerned: (tags: Ownership) => boolean): Problem | undefined {
  const children = seen === undefined ? [] : [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies];
  const child = children.find(
    ({ tags, provisioningStatus }) => tags !== undefined && provisioningStatus !== 'ACTIVE' && concerned(tags),
  );
  if (child === undefined) return undefined;
  return {
    reason: child.provisioningStatus === 'ERROR' ? 'ProvisioningError' : 'BalancerBusy',
    message: `${child.tags?.key.split('/')[0] ?? 'child'} ${child.id} is ${child.provisioningStatus} on the load balancer.`,
  };
}
