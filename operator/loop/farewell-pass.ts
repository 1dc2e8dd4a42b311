import { diff } from '../core/diff/diff.ts';
import { guard } from '../core/guard/guard.ts';
import type { Outcome } from '../core/model/plan.ts';
import type { Problem } from '../core/model/reason.ts';
import type { Seen } from '../core/model/seen.ts';
import type { Snapshot } from '../core/model/snapshot.ts';
import type { PassResult } from '../core/report/pass-result.ts';
import { farewell } from '../core/translate/farewell.ts';
import { balancerOf, type Readable } from './question.ts';
import { again } from './clocks.ts';
import type { Again, Deps } from './deps.ts';
import { tell, unlessRefused } from './tell.ts';

/** What a pass has in hand once the cloud was read. */
export interface PassInput {
  readonly snapshot: Snapshot;
  readonly balancer: Readable;
  readonly seen: Seen;
  readonly deps: Deps;
  readonly signal: AbortSignal;
}

/** The pass of a balancer that is marked for deletion and that nothing keeps any more: what is ours is removed. */
export async function farewellPass({ snapshot, balancer, seen, deps, signal }: PassInput): Promise<Again> {
  const plan = guard(diff(farewell(balancer.spec), seen), seen);
  const done = await deps.cloud.execute(
    {
      balancer: balancerOf(balancer),
      plan,
      loadBalancerID: seen.loadBalancer?.id,
      budget: deps.budget,
    },
    signal,
  );
  const outcome =
    plan.withheld[0] === undefined
      ? done.outcome
      : ({ kind: 'failed', problem: plan.withheld[0].problem, retryAfterMs: undefined, concerns: 'balancer' } as const);
  const waiting: Problem | undefined =
    outcome.kind === 'settled'
      ? undefined
      : (plan.withheld[0]?.problem ?? { reason: 'WaitingForCloud', message: 'The load balancer is being removed.' });
  const written = await tell(result({ snapshot, seen, deps, outcome, obstacle: waiting }), deps, signal);
  return unlessRefused(again(outcome, { balancer, lookAgainAt: undefined, deps }), written);
}

function result(
  of: Pick<PassInput, 'snapshot' | 'seen' | 'deps'> & {
    readonly outcome: Outcome;
    readonly obstacle: Problem | undefined;
  },
): PassResult {
  const { snapshot, seen, deps, outcome, obstacle } = of;
  const deletion = obstacle === undefined ? undefined : { problem: obstacle };
  return {
    snapshot,
    now: deps.now(),
    seen,
    intents: undefined,
    claims: undefined,
    verdicts: [],
    plan: undefined,
    done: undefined,
    outcome,
    heldListeners: [],
    defaultProblems: [],
    deletion,
  };
}

/**
 * The brakes of a deletion: a flag that nothing bypasses, a pause, and routes that still need the balancer. While one of them holds, the
 * balancer is looked after as any other: it serves.
 */
export function obstacleTo({ routes }: Snapshot, { spec, switches }: Readable): Problem | undefined {
  if (spec.lifecycle.deletionProtection)
    return {
      reason: 'DeletionProtected',
      message: 'lifecycle.deletionProtection is true. Set it to false to let the balancer go.',
    };
  if (switches.paused)
    return {
      reason: 'Paused',
      message: 'The annotation octopool.dev/paused is set, so nothing is removed. Take it off to let the balancer go.',
    };
  if (routes.length > 0 && spec.attachment.from !== 'None')
    return {
      reason: 'RoutesAttached',
      message: `${counted(routes)} ${routes.length === 1 ? 'names' : 'name'} this balancer. Delete what names it, or set attachment.from to None.`,
    };
  return undefined;
}

/** By kind, for each kind is listed by another command. */
function counted(routes: Snapshot['routes']): string {
  const names = { ServiceRoute: 'ServiceRoutes', Service: 'Services', Ingress: 'Ingresses' } as const;
  const kinds = ['ServiceRoute', 'Service', 'Ingress'] as const;
  const counts = kinds.map((kind) => ({ kind, count: routes.filter((route) => route.kind === kind).length }));
  return counts
    .flatMap(({ kind, count }) => (count === 0 ? [] : [`${count} ${count === 1 ? kind : names[kind]}`]))
    .join(', ');
}
