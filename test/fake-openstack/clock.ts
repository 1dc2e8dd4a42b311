/** What the cloud believes the time is. Nothing in it waits by timers: whatever is due happens before the next request looks. */
export interface FakeClock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const realClock: FakeClock = { now: () => Date.now() };

/** Time that stands still until a test moves it. */
export class SteppedClock implements FakeClock {
  #now = Date.UTC(2026, 0, 31, 12);

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** Octavia's spelling: UTC, whole seconds, no zone. */
export function octaviaTime(ms: number): string {
  const second = Math.floor(ms / 1_000);
  if (second !== last.second) last = { second, text: new Date(ms).toISOString().slice(0, 19) };
  return last.text;
}

/** A whole tree is stamped with one time, thousands of times over. */
let last = { second: Number.NaN, text: '' };

export function neutronTime(ms: number): string {
  return `${octaviaTime(ms)}Z`;
}

/** Keystone's has microseconds. */
export function keystoneTime(ms: number): string {
  return `${octaviaTime(ms)}.000000Z`;
}
