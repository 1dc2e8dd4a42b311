import type { Instant } from '../model/brand.ts';
import type { Outcome, Plan, Done } from '../model/plan.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Claims, Verdict } from '../model/verdict.ts';

/** Everything that one pass learned and did, as the report needs it. */
export interface PassResult {
  readonly snapshot: Snapshot;
  readonly now: Instant;
  /** undefined: the cloud could not be read; `outcome` says why. */
  readonly seen: Seen | undefined;
  readonly claims: Claims | undefined;
  readonly verdicts: readonly Verdict[];
  readonly plan: Plan | undefined;
  readonly done: Pick<Done, 'refused'> | undefined;
  readonly outcome: Outcome;
  /** Listeners that are held back, with the reason. */
  readonly heldListeners: readonly { readonly listener: string; readonly problem: Problem }[];
  /** What keeps a deletion waiting. */
  readonly deletion: { readonly problem: Problem } | undefined;
}

/** The first thing that stands between the balancer and its wanted state; undefined when they are equal and all is ACTIVE. */
export function balancerTrouble(result: PassResult): Problem | undefined {
  const { outcome, plan, seen, done } = result;
  if (seen?.resolved.problem !== undefined && seen.loadBalancer === undefined) return seen.resolved.problem;
  const withheld = plan?.withheld[0];
  if (withheld !== undefined) return withheld.problem;
  const refused = done?.refused.find((entry) => entry.operation.unit === undefined);
  if (refused !== undefined) return refused.problem;
  const stuck = stuckProblem(result);
  if (stuck !== undefined) return stuck;
  if (outcome.kind === 'waiting' || outcome.kind === 'failed') return outcome.problem;
  return notActive(result);
}

/** Longer than this no controller of Octavia works on anything: it was lost on the way. */
const stuckAfter = 15 * 60_000;

function stuckProblem({ seen, now }: PassResult): Problem | undefined {
  const loadBalancer = seen?.loadBalancer;
  if (loadBalancer?.updatedAt === undefined || !loadBalancer.provisioningStatus.startsWith('PENDING')) return undefined;
  const since = now - loadBalancer.updatedAt;
  if (since < stuckAfter) return undefined;
  return {
    reason: 'ProvisioningStuck',
    message: `Load balancer ${loadBalancer.id} has been ${loadBalancer.provisioningStatus} for ${Math.floor(since / 60_000)} minutes, and nothing can be sent to it. Ask the cloud's admin to look at it.`,
  };
}

function notActive({ seen, snapshot }: PassResult): Problem | undefined {
  if (seen?.loadBalancer === undefined)
    return snapshot.balancer?.status.loadBalancerID === undefined ? notYetThere : missing;
  const status = seen.loadBalancer.provisioningStatus;
  if (status !== 'ACTIVE')
    return { reason: 'BalancerBusy', message: `The load balancer is ${status}. It is looked at again by itself.` };
  const child = [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies].find(
    (one) => one.tags !== undefined && one.provisioningStatus !== 'ACTIVE',
  );
  if (child === undefined) return undefined;
  return {
    reason: child.provisioningStatus === 'ERROR' ? 'ProvisioningError' : 'BalancerBusy',
    message: `${child.tags?.key.split('/')[0] ?? 'child'} ${child.id} is ${child.provisioningStatus} on the load balancer.`,
  };
}

const notYetThere: Problem = { reason: 'Pending', message: 'The load balancer is not there yet. It is being made.' };
const missing: Problem = {
  reason: 'LoadBalancerMissing',
  message: 'The load balancer was deleted outside of Kubernetes. It is made again at the same address.',
};
