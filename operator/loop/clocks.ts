import type { Instant, Milliseconds } from '../core/model/brand.ts';
import type { Outcome } from '../core/model/plan.ts';
import type { BalancerSpec } from '../core/model/balancer-spec.ts';
import type { Again, Deps } from './deps.ts';
import type { Restless } from './memory.ts';

/** Health is read at most this often; the configuration is compared on the way. */
const healthMs = 60_000;
/** One that is busy for long is asked less often: an eighth of the time that it was busy so far. */
const waiting = { leastMs: 2_000, mostMs: 60_000, share: 8 } as const;
/** A change takes two passes, or a few; whatever takes more is a quarrel with another hand, or with a cloud that stores something else. */
const quarrel = { passes: 8, firstMs: 1_000, mostMs: 60_000 } as const;
/** What lists do not show is all read within this many intervals. */
export const slices = 12;

/** When a key is to come back after a pass that ended so. */
export function again(
  outcome: Outcome,
  of: {
    readonly balancer: { readonly meta: { readonly uid: string }; readonly spec: Pick<BalancerSpec, 'sync'> };
    /** When something is due by time alone: a drain ends. */
    readonly lookAgainAt: Instant | undefined;
    readonly deps: Pick<Deps, 'jitter' | 'now' | 'restless'>;
  },
): Again {
  const { balancer, lookAgainAt, deps } = of;
  const { uid } = balancer.meta;
  if (outcome.kind === 'settled' || outcome.kind === 'failed') deps.restless.delete(uid);
  switch (outcome.kind) {
    case 'settled':
      return {
        kind: 'after',
        ms: Math.min(
          spread(Math.min(balancer.spec.sync.interval, healthMs), deps.jitter()),
          lookAgainAt === undefined ? Infinity : Math.max(0, lookAgainAt - deps.now()),
        ),
      };
    case 'changed':
      return { kind: 'after', ms: pauseOfQuarrel(restlessAs('changed', uid, deps)) };
    case 'unfinished':
      // neither waited for nor quarrelled over; whether there is a quarrel the passes to the end of each plan tell
      if (deps.restless.get(uid)?.kind === 'waiting') deps.restless.delete(uid);
      return { kind: 'after', ms: 0 };
    case 'waiting': {
      const busyMs = deps.now() - restlessAs('waiting', uid, deps).since;
      const ms = Math.min(Math.max(busyMs / waiting.share, waiting.leastMs), waiting.mostMs);
      return { kind: 'after', ms: spread(ms, deps.jitter()) };
    }
    case 'failed':
      return outcome.retryAfterMs === undefined ? { kind: 'backoff' } : { kind: 'after', ms: outcome.retryAfterMs };
  }
}

function restlessAs(kind: Restless['kind'], uid: string, { restless, now }: Pick<Deps, 'restless' | 'now'>): Restless {
  const before = restless.get(uid);
  const same = before?.kind === kind ? before : { kind, since: now(), passes: 0 };
  const after = { ...same, passes: same.passes + 1 };
  restless.set(uid, after);
  return after;
}

function pauseOfQuarrel({ passes }: Restless): Milliseconds {
  if (passes <= quarrel.passes) return 0;
  return Math.min(quarrel.mostMs, quarrel.firstMs * 2 ** Math.min(passes - quarrel.passes - 1, 10));
}

/** ±20 %, so that many balancers do not come back together. */
function spread(ms: Milliseconds, random: number): Milliseconds {
  return Math.round(ms * (0.8 + 0.4 * random));
}

/**
 * Which twelfth of the policies has its rules read in this pass: one a `sync.interval`, told by the clock because nothing
 * is remembered. The first pass after a start reads none.
 */
export function sliceOf(
  { now, lastSlice }: Pick<Deps, 'now' | 'lastSlice'>,
  balancer: string,
  interval: Milliseconds,
): number | undefined {
  const turn = Math.floor(now() / interval);
  const last = lastSlice.get(balancer);
  lastSlice.set(balancer, turn);
  return last === undefined || last === turn ? undefined : turn % slices;
}
