import type { Clock } from '../../operator/kube/clock.ts';

/** Time that a test moves by hand. `random()` is always 1, so that waits have their full length. */
export class ManualClock implements Clock {
  #now = 0;
  #next = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly task: () => void }>();

  now(): number {
    return this.#now;
  }

  wall(): Date {
    return new Date(Date.UTC(2026, 10, 22, 10) + this.#now);
  }

  random(): number {
    return 1;
  }

  after(ms: number, task: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#now + ms, task });
    return () => this.#timers.delete(id);
  }

  /** Time passes in which nothing runs: the process was paused. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** Runs what becomes due on the way, in order of time, and what follows from it. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await turns();
      const [due] = [...this.#timers].filter(([, timer]) => timer.at <= end).toSorted((a, b) => a[1].at - b[1].at);
      if (due === undefined) break;
      const [id, { at, task }] = due;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, at);
      task();
    }
    this.#now = Math.max(this.#now, end);
  }
}

/** Lets promises that are settled already have their consequences. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
