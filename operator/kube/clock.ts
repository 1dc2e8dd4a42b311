/** Time as this room needs it; tests hand in one that they move by hand. */
export interface Clock {
  /** Milliseconds that only ever grow; tells how long something took, not what time it is. */
  now(): number;
  /** The time of day. */
  wall(): Date;
  /** Runs `task` once after so many milliseconds. The answer calls it off. */
  after(ms: number, task: () => void): () => void;
  /** 0 to 1; spreads what would else happen everywhere at once. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => new Date(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  const cancel = clock.after(ms, done);
  signal.addEventListener('abort', done, { once: true });
  function done(): void {
    cancel();
    signal.removeEventListener('abort', done);
    resolve();
  }
  return promise;
}

/** Between half of `ceiling` and all of it; the ceiling doubles with every failure. */
export function backoff(
  failures: number,
  limits: { readonly baseMs: number; readonly capMs: number },
  clock: Clock,
): number {
  const ceiling = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(Math.max(failures - 1, 0), 20));
  return Math.round(ceiling / 2 + (clock.random() * ceiling) / 2);
}

/** RFC 3339 with six decimals: what Kubernetes calls MicroTime and demands in Leases and Events. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
