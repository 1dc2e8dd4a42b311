import type { BalancerName, Instant } from '../core/model/brand.ts';
import { diff } from '../core/diff/diff.ts';
import { guard } from '../core/guard/guard.ts';
import type { Done, Outcome } from '../core/model/plan.ts';
import type { Problem } from '../core/model/reason.ts';
import type { Seen } from '../core/model/seen.ts';
import type { RouteObject, Snapshot } from '../core/model/snapshot.ts';
import { holdsFinalizer } from '../core/report/report.ts';
import type { PassResult } from '../core/report/pass-result.ts';
import { heldListeners } from '../core/translate/listeners.ts';
import type { Again, Deps } from './deps.ts';
import { type PassInput, farewellPass, obstacleTo } from './farewell-pass.ts';
import { nodeNeed } from './needs.ts';
import { noBalancer } from './no-balancer.ts';
import { again } from './clocks.ts';
import { type Decided, decideOnRules } from './decide.ts';
import { circumstances, permission, rememberAttempts } from './permission.ts';
import { balancerOf, question, type Readable } from './question.ts';
import { tell, unlessRefused } from './tell.ts';

/** One pass over one balancer: read, decide, write, tell. Creating, changing, repairing and restarting are all this. */
export function balancerPass(name: BalancerName, deps: Deps, signal: AbortSignal): Promise<Again> {
  return passOver(deps.cluster.read(name), deps, signal); // caches only, already synced
}

/** The same for a balancer that its snapshot describes, wherever its spec comes from. */
export async function passOver(snapshot: Snapshot, deps: Deps, signal: AbortSignal): Promise<Again> {
  const { balancer } = snapshot;
  if (balancer === undefined) return tellOrphans(snapshot, deps, signal);
  if ('invalid' in balancer.spec) return refuse(snapshot, balancer.spec.invalid, deps, signal);
  const readable: Readable = { ...balancer, spec: balancer.spec };
  const observation = await deps.cloud.observe(question(snapshot, readable, deps), signal); // the read of the cloud: six lists
  if (observation.kind === 'unseen') return tellUnseen(snapshot, observation, deps, signal);
  const { seen } = observation;
  if (balancer.meta.deletedAt === undefined && (seen.loadBalancer === undefined || !holdsFinalizer(balancer))) {
    // Caches are late: for what went meanwhile nothing may be made, for nobody would remove it. Its going wakes this key.
    if ((await deps.cluster.hold(balancer, signal)) === 'gone') return { kind: 'never' };
  }
  const obstacle = balancer.meta.deletedAt === undefined ? undefined : obstacleTo(snapshot, readable);
  if (balancer.meta.deletedAt !== undefined && obstacle === undefined)
    return farewellPass({ snapshot, balancer: readable, seen, deps, signal });

  const basis = await decideOnRules({ snapshot, balancer: readable, seen, deps, signal }); // pure, but for rules that it hangs on
  if (basis.kind === 'unseen') return tellUnseen(snapshot, basis, deps, signal);
  const input = { snapshot, balancer: readable, seen: basis.seen, deps, signal };
  const { decided, done, lookAgainAt } = await planAndWrite(input, basis);
  const deletion = obstacle === undefined ? undefined : { problem: obstacle };
  const result: PassResult = { ...decided, deletion, done, outcome: settle(done.outcome, seen) };
  const written = await tell(result, deps, signal);
  return unlessRefused(again(result.outcome, { balancer: readable, lookAgainAt, deps }), written);
}

interface Written {
  readonly decided: Omit<PassResult, 'done' | 'outcome' | 'deletion'>;
  readonly done: Done;
  /** When something is due by time alone. */
  readonly lookAgainAt: Instant | undefined;
}

/** What is left between the decision and the write is pure. */
async function planAndWrite(
  { snapshot, balancer, seen, deps, signal }: PassInput,
  { now, decision }: Extract<Decided, { kind: 'decided' }>,
): Promise<Written> {
  const { intents, claims, wanted, verdicts, defaultProblems, lookAgainAt } = decision;
  if (deps.needs.say(balancer.meta.uid, nodeNeed(wanted, seen))) deps.wakeNodes();
  const plan = guard(diff(wanted, seen, circumstances(balancer, deps)), seen, permission(snapshot, balancer));
  const done = await deps.cloud.execute(
    {
      balancer: balancerOf(balancer),
      plan,
      loadBalancerID: seen.loadBalancer?.id,
      budget: deps.budget,
    },
    signal,
  ); // the only writes
  rememberAttempts({ balancer, seen, plan, done }, deps);
  for (const { kind, why } of done.applied) {
    deps.metrics.written(kind);
    deps.log.info('cloud written', { balancer: snapshot.name, kind, why });
  }
  return {
    decided: {
      snapshot,
      now,
      seen,
      intents,
      claims,
      verdicts,
      plan,
      heldListeners: heldListeners({ intents, seen }),
      defaultProblems,
    },
    done,
    lookAgainAt,
  };
}

/** A balancer that is busy by itself is waited for, like one that is busy by us. */
function settle(outcome: Outcome, { loadBalancer }: Seen): Outcome {
  if (
    outcome.kind !== 'settled' ||
    loadBalancer === undefined ||
    !loadBalancer.provisioningStatus.startsWith('PENDING')
  )
    return outcome;
  return {
    kind: 'waiting',
    problem: {
      reason: 'BalancerBusy',
      message: `The load balancer is ${loadBalancer.provisioningStatus}. It is looked at again by itself.`,
    },
  };
}

async function tellUnseen(
  snapshot: Snapshot,
  unseen: { readonly problem: Problem; readonly retryAfterMs: number | undefined },
  deps: Deps,
  signal: AbortSignal,
): Promise<Again> {
  const outcome: Outcome = {
    kind: 'failed',
    problem: unseen.problem,
    retryAfterMs: unseen.retryAfterMs,
    concerns: 'balancer',
  };
  await tell(unseenResult(snapshot, outcome, deps), deps, signal);
  deps.log.warn('cloud not readable', {
    balancer: snapshot.name,
    reason: unseen.problem.reason,
    detail: unseen.problem.message,
  });
  return unseen.retryAfterMs === undefined ? { kind: 'backoff' } : { kind: 'after', ms: unseen.retryAfterMs };
}

/** Routes that name a SharedBalancer which does not exist (yet): its coming wakes this key again. */
function tellOrphans(snapshot: Snapshot, deps: Deps, signal: AbortSignal): Promise<Again> {
  return tellDropped(snapshot, ({ kind }) => noBalancer(snapshot.name, kind), deps, signal);
}

/** Whatever is in the snapshot is served by nobody, and its owners are told why. */
export function tellUnserved(snapshot: Snapshot, problem: Problem, deps: Deps, signal: AbortSignal): Promise<Again> {
  return tellDropped(snapshot, () => problem, deps, signal);
}

async function tellDropped(
  snapshot: Snapshot,
  problemOf: (route: RouteObject) => Problem,
  deps: Deps,
  signal: AbortSignal,
): Promise<Again> {
  const verdicts = snapshot.routes.map(
    (route) => ({ owner: route.meta.uid, rule: '*', state: 'Dropped', problem: problemOf(route) }) as const,
  );
  const result = { ...unseenResult(snapshot, { kind: 'settled' }, deps), verdicts };
  return unlessRefused({ kind: 'never' }, await tell(result, deps, signal));
}

async function refuse(snapshot: Snapshot, problem: Problem, deps: Deps, signal: AbortSignal): Promise<Again> {
  const outcome = { kind: 'failed', problem, retryAfterMs: undefined, concerns: 'balancer' } as const;
  return unlessRefused({ kind: 'never' }, await tell(unseenResult(snapshot, outcome, deps), deps, signal));
}

function unseenResult(snapshot: Snapshot, outcome: Outcome, deps: Deps): PassResult {
  const verdicts = snapshot.routes.map(
    (route) =>
      ({
        owner: route.meta.uid,
        rule: '*',
        state: 'Pending',
        problem: {
          reason: 'Pending',
          message: 'The load balancer cannot be read for now; what is programmed stays as it is.',
        },
      }) as const,
  );
  return {
    snapshot,
    now: deps.now(),
    seen: undefined,
    intents: undefined,
    claims: undefined,
    verdicts,
    plan: undefined,
    done: undefined,
    outcome,
    heldListeners: [],
    defaultProblems: [],
    deletion: undefined,
  };
}
