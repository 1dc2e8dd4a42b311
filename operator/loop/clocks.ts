import type { Instant, Milliseconds } from '../core/model/brand.ts';
import type { Outcome } from '../core/model/plan.ts';
import type { BalancerSpec } from '../core/model/balancer-spec.ts';
import type { Again, Deps } from './deps.ts';

/** Health is read at most this often; the configuration is compared on the way. */
const healthMs = 60_000;
const waitingMs = 2_000;
/** What lists do not show is all read within this many intervals. */
export const slices = 12;

/** When a key is to come back after a pass that ended so. */
export function again(
  outcome: Outcome,
  of: {
    readonly spec: Pick<BalancerSpec, 'sync'>;
    /** When something is due by time alone: a drain ends. */
    readonly lookAgainAt: Instant | undefined;
    readonly deps: Pick<Deps, 'jitter' | 'now'>;
  },
): Again {
  const { spec, lookAgainAt, deps } = of;
  switch (outcome.kind) {
    case 'settled':
      return {
        kind: 'after',
        ms: Math.min(
          spread(Math.min(spec.sync.interval, healthMs), deps.jitter()),
          lookAgainAt === undefined ? Infinity : Math.max(0, lookAgainAt - deps.now()),
        ),
      };
    case 'changed':
      return { kind: 'after', ms: 0 };
    case 'waiting':
      return { kind: 'after', ms: spread(waitingMs, deps.jitter()) };
    case 'failed':
      return outcome.retryAfterMs === undefined ? { kind: 'backoff' } : { kind: 'after', ms: outcome.retryAfterMs };
  }
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
