import { OpenStackError } from './errors.ts';

export interface Limits {
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

export function deadlineOf(
  call: { readonly deadlineMs?: number | undefined; readonly signal?: AbortSignal | undefined },
  usual: number,
): Pick<Limits, 'deadlineMs' | 'signal'> {
  return { deadlineMs: call.deadlineMs ?? usual, signal: call.signal };
}

/**
 * Runs the work with a signal that fires at the deadline or with the caller's signal, and rejects at that moment even when the
 * work does not listen. Timer and listener are gone afterwards: a caller's signal may live as long as the process.
 */
export async function withinDeadline<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal: outer, deadlineMs } = limits;
  outer?.throwIfAborted();
  const inner = new AbortController();
  const stop = () => inner.abort(outer?.reason);
  outer?.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => inner.abort(tooLate(limits)), deadlineMs);
  try {
    return await Promise.race([work(inner.signal), aborted(inner.signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}

/** Waits for a promise that others share, but no longer than the signal allows. */
export async function orAborted<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return Promise.race([shared, aborted(signal)]);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function tooLate({ deadlineMs, service, method, path }: Limits): OpenStackError {
  return new OpenStackError({
    kind: 'deadline',
    faultText: `no answer within ${deadlineMs} ms`,
    service,
    method,
    path,
  });
}
