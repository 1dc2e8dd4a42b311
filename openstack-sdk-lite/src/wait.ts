import { CycleBook } from './cycle-book.ts';
import { isNotFound } from './transport/errors.ts';

/** How a wait ended. `waiting`: the budget is used up and the balancer is still busy. */
export type BalancerState = 'ACTIVE' | 'ERROR' | 'gone' | 'waiting';

export interface WaitOutcome {
  readonly state: BalancerState;
  /** How many times the balancer was read. */
  readonly reads: number;
  readonly waitedMs: number;
}

export interface WaitFor {
  readonly id: string;
  readonly budgetMs: number;
  /**
   * When the write that made it busy was answered, on the clock of the wait. Such waits teach the length of the balancer's cycle;
   * without it (busy when found) nothing is learned.
   */
  readonly busySince?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export interface WaitOptions {
  /** Reads the balancer itself: its status tree and its children cost Octavia three to ten times as much. */
  readonly read: (id: string, signal: AbortSignal | undefined) => Promise<{ readonly provisioning_status: string }>;
  readonly clock?: Clock;
}

export type UntilMutable = (what: WaitFor) => Promise<WaitOutcome>;

/** A function that waits until a load balancer takes changes again. It remembers each balancer's cycles in memory. */
export function balancerWait({ read, clock = realClock }: WaitOptions): UntilMutable {
  const book = new CycleBook();
  return async ({ id, budgetMs, busySince, signal }) => {
    const started = clock.now();
    const since = busySince ?? started;
    const end = started + budgetMs;
    let reads = 0;
    let lastBusy = 0;
    let polledAt = since;
    for (;;) {
      const next = Math.min(since + book.nextPoll(id, { elapsed: polledAt - since, reads }), end);
      if (next > clock.now()) await clock.sleep(next - clock.now(), signal);
      polledAt = clock.now();
      reads += 1;
      const state = await stateOf(read, id, signal);
      if (state !== 'waiting') {
        if (busySince !== undefined) book.learn(id, { stillBusyAt: lastBusy, overAt: polledAt - since });
        if (state === 'gone') book.forget(id);
        return { state, reads, waitedMs: clock.now() - started };
      }
      if (polledAt >= end) return { state, reads, waitedMs: clock.now() - started };
      lastBusy = polledAt - since;
    }
  };
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

async function stateOf(read: WaitOptions['read'], id: string, signal: AbortSignal | undefined): Promise<BalancerState> {
  try {
    const { provisioning_status: status } = await read(id, signal);
    if (status === 'ACTIVE' || status === 'ERROR') return status;
    return status === 'DELETED' ? 'gone' : 'waiting';
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    throw error;
  }
}
