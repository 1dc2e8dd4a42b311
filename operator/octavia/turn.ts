import type { Milliseconds } from '../core/model/brand.ts';
import { builtPool } from '../core/model/new-pool.ts';
import type { Operation } from '../core/model/plan.ts';
import { isOctavia } from './is-octavia.ts';

/** A hundred routes are half an hour of writes. */
const turnMs: Milliseconds = 30_000;

/**
 * How long one pass may write (ADR 12). Its time runs from the first object that came or went, so that every pass gets on: what is
 * refused is asked for again in each, and what another hand changes is brought in line in each.
 */
export class Turn {
  readonly #now: () => number;
  #began: number | undefined;
  /** The last write made a pool, or a part of it, and nothing points to that so far: who looks anew has to say its members once more. */
  #detached = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  wrote(operation: Operation): void {
    this.#detached = builtPool(operation) !== undefined;
    const { kind, heals } = operation;
    const lasts = kind.startsWith('create') || kind.startsWith('delete');
    if (lasts && heals !== true) this.#began ??= this.#now();
  }

  isOver(next: Operation): boolean {
    const isUnderWay = this.#detached || next.kind === 'createRule' || next.kind === 'enablePolicy';
    if (isUnderWay || !isOctavia(next)) return false; // what Neutron does keeps no balancer busy
    return this.#began !== undefined && this.#now() - this.#began >= turnMs;
  }
}
