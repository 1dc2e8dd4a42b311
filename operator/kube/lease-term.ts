import type { Clock } from './clock.ts';

/** What leading is given. */
export interface Leadership {
  /** Asks it to end in good order. */
  readonly stop: AbortSignal;
  /** Says that another may be leading already. */
  readonly lost: AbortSignal;
  /**
   * Throws when the time is over. Asked before every write: in a process that was paused, answers that waited come in before
   * the timer that would say so.
   */
  readonly check: () => void;
}

/** The time for which one acquisition of a Lease, and its renewals, are good. */
export class LeaseTerm {
  readonly #clock: Clock;
  readonly #length: number;
  readonly #lost = new AbortController();
  #until = 0;
  #cancel: () => void = () => undefined;

  /** `asked`: when the request was sent that made the Lease ours; others count from its arrival at the latest. */
  constructor(clock: Clock, length: number, asked: number) {
    this.#clock = clock;
    this.#length = length;
    this.extend(asked);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  extend(asked: number): void {
    this.#cancel();
    this.#until = asked + this.#length;
    this.#cancel = this.#clock.after(Math.max(this.#until - this.#clock.now(), 0), () => this.#overdue());
  }

  /** It is known to be another's. */
  lose(why: string): void {
    this.#lost.abort(new Error(why));
  }

  end(): void {
    this.#cancel();
  }

  readonly check = (): void => {
    if (this.#clock.now() >= this.#until) this.#overdue();
    this.#lost.signal.throwIfAborted();
  };

  #overdue(): void {
    this.lose('the lease could not be renewed in time');
  }
}
