/** Where the end of a cycle lay: after the last read that saw it busy, at or before the first that did not. In ms since the write. */
export interface Cycle {
  readonly stillBusyAt: number;
  readonly overAt: number;
}

export interface Progress {
  /** ms since the write, at the last read (0: none yet). */
  readonly elapsed: number;
  readonly reads: number;
}

/**
 * How long each balancer's cycles last, and when it is worth a look.
 *
 *      0      learned 90 %      learned end            later
 *      |- - - - - - |- -|- -|- -|- -|- -|- - -|- - - - -|
 *      unsure: few      dense: 5 % of the cycle, at least 0.25 s,    growing to 2 s
 *      sure: none       then the end is seen well within 10 % or 0.3 s
 *
 * Three cycles of like length make it sure. The dense steps start from what was surely still busy, so that a coarse first
 * measurement gets sharper instead of repeating itself.
 */
export class CycleBook {
  readonly #cycles = new Map<string, readonly Cycle[]>();

  learn(id: string, cycle: Cycle): void {
    const known = this.#cycles.get(id) ?? [];
    this.#cycles.set(id, [...known, cycle].slice(-remembered));
  }

  forget(id: string): void {
    this.#cycles.delete(id);
  }

  /** When to read next, in ms since the write. */
  nextPoll(id: string, { elapsed, reads }: Progress): number {
    const cycles = this.#cycles.get(id) ?? [];
    const busyAt = median(cycles.map((cycle) => cycle.stillBusyAt));
    const from = busyAt * 0.9;
    if (reads === 0 && alike(cycles)) return Math.max(from, firstMs);
    // a part of a millisecond is no step: a clock may not be able to tell it
    if (from - elapsed >= 1) return Math.min(from, explored(elapsed));
    const late = Math.max(busyAt * 1.25, median(cycles.map((cycle) => cycle.overAt)));
    if (busyAt > 0 && elapsed <= late) return elapsed + Math.max(denseMs, busyAt / 20);
    return busyAt > 0 ? late + explored(elapsed - late) : explored(elapsed);
  }
}

const remembered = 3;
const firstMs = 300;
const denseMs = 250;
const longestMs = 2_000;

/** 0.3 s, then steps that grow by half, to 2 s at most: the step is what the time passed so far says. */
function explored(elapsed: number): number {
  return elapsed + Math.min(longestMs, Math.max(firstMs, elapsed / 2 + firstMs));
}

/** Their ends may lie in one place, give or take a tenth. One that was over at the first look may have ended at any time before. */
function alike(cycles: readonly Cycle[]): boolean {
  if (cycles.length < remembered || cycles.some((cycle) => cycle.stillBusyAt === 0)) return false;
  const latestStart = Math.max(...cycles.map((cycle) => cycle.stillBusyAt));
  const earliestEnd = Math.min(...cycles.map((cycle) => cycle.overAt));
  return latestStart * 0.9 <= earliestEnd * 1.1;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
