import { backoff, type Clock } from './clock.ts';

/** When a key is to come back after its work. */
export type Again =
  | { readonly kind: 'after'; readonly ms: number }
  /** It did not go well: later and later, until it does; `atMostMs`: but no later than that. */
  | { readonly kind: 'backoff'; readonly atMostMs?: number }
  | { readonly kind: 'never' };

/** How long a change waits for others of its key: `settle` ms after the last one, at most `atMost` ms after the first. */
export interface Window {
  readonly settle: number;
  readonly atMost: number;
}

export interface QueueOptions<Key extends string> {
  /** A throw is a backoff that is told to onError. The signal is aborted when nobody waits for the end any more. */
  readonly work: (key: Key, signal: AbortSignal) => Promise<Again>;
  readonly onError: (key: Key, error: unknown, again: number) => void;
  readonly clock: Clock;
  readonly concurrency: number;
  /** Milliseconds. */
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  /** The least time that an error asks to be left alone for; undefined: none. */
  readonly wish?: (error: unknown) => number | undefined;
}

/** A key that waits for its time. */
interface Waiting {
  readonly at: number;
  /** The time that no further change may move it beyond; undefined: no change is waiting, only time has to pass. */
  readonly latest: number | undefined;
  readonly cancel: () => void;
}

/**
 * Names of things that need work. A key is never worked on twice at once; what comes while it is worked on or waits becomes
 * one further run; a key that fails comes back later and later, and holds up no other.
 */
export class KeyedQueue<Key extends string> {
  readonly #options: QueueOptions<Key>;
  readonly #waiting = new Map<Key, Waiting>();
  /** In the order of their times; a Set keeps it. */
  readonly #due = new Set<Key>();
  readonly #running = new Map<Key, Promise<void>>();
  readonly #failures = new Map<Key, number>();
  readonly #abort = new AbortController();
  #stopped = false;

  constructor(options: QueueOptions<Key>) {
    this.#options = options;
  }

  /** Keys that wait or are due, for metrics. */
  get depth(): number {
    return this.#waiting.size + this.#due.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Something changed that concerns this key. */
  add(key: Key, window: Window = { settle: 0, atMost: 0 }): void {
    if (this.#stopped || this.#due.has(key)) return;
    const now = this.#options.clock.now();
    const latest = Math.min(this.#waiting.get(key)?.latest ?? Infinity, now + window.atMost);
    this.#schedule(key, Math.min(now + window.settle, latest), latest);
  }

  /** Brings a key back although nothing changed. A change that waits already, or an earlier time, stays. */
  addAfter(key: Key, ms: number): void {
    if (this.#stopped || this.#due.has(key)) return;
    const at = this.#options.clock.now() + ms;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined && (waiting.latest !== undefined || waiting.at <= at)) return;
    this.#schedule(key, at, undefined);
  }

  /** Starts nothing new, gives what runs `graceMs` to end by itself, then aborts it; resolves when all of it has ended. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
    this.#due.clear();
    const cancel = this.#options.clock.after(graceMs, () => this.#abort.abort(new Error('the operator is stopping')));
    await Promise.all(this.#running.values());
    cancel();
  }

  #schedule(key: Key, at: number, latest: number | undefined): void {
    this.#waiting.get(key)?.cancel();
    const due = (): void => {
      this.#waiting.delete(key);
      this.#due.add(key);
      this.#startDue();
    };
    const wait = at - this.#options.clock.now();
    if (wait <= 0) return due();
    this.#waiting.set(key, { at, latest, cancel: this.#options.clock.after(wait, due) });
  }

  #startDue(): void {
    for (const key of this.#due) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (this.#running.has(key)) continue; // its turn comes when the run under way has ended
      this.#due.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: Key): Promise<void> {
    const again = await this.#work(key);
    this.#running.delete(key);
    if (again !== undefined) this.addAfter(key, again);
    this.#startDue();
  }

  /** Milliseconds until it comes back by itself. */
  async #work(key: Key): Promise<number | undefined> {
    try {
      const again = await this.#options.work(key, this.#abort.signal);
      if (again.kind === 'backoff') return Math.min(this.#later(key), again.atMostMs ?? Infinity);
      this.#failures.delete(key);
      return again.kind === 'after' ? again.ms : undefined;
    } catch (error) {
      const ms = Math.max(this.#later(key), this.#options.wish?.(error) ?? 0);
      this.#options.onError(key, error, ms);
      return ms;
    }
  }

  #later(key: Key): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    return backoff(failures, this.#options.backoff, this.#options.clock);
  }
}
