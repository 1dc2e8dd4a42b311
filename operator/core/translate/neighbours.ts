import type { L7Unit } from './l7-units.ts';

/** What any host may reach: units of wildcards, and of every host. */
const anyHost = '*';

/**
 * Units among which one looks for those that share requests with it. Exact hostnames exclude each other, so a unit with one has to look
 * at its own hostname and at wildcards only: ten thousand hostnames cost ten thousand looks.
 */
export class Neighbours {
  readonly #all: L7Unit[] = [];
  readonly #places = new Map<string, number[]>();

  add(unit: L7Unit): void {
    const host = exactHost(unit) ?? anyHost;
    const there = this.#places.get(host);
    if (there === undefined) this.#places.set(host, [this.#all.length]);
    else there.push(this.#all.length);
    this.#all.push(unit);
  }

  /** In the order in which they came. */
  of(unit: L7Unit): readonly L7Unit[] {
    const host = exactHost(unit);
    if (host === undefined) return this.#all;
    const places = [...(this.#places.get(host) ?? []), ...(this.#places.get(anyHost) ?? [])];
    return places.toSorted((a, b) => a - b).flatMap((at) => this.#all[at] ?? []);
  }
}

function exactHost({ atoms }: L7Unit): string | undefined {
  for (const { is, invert } of atoms) if (is.on === 'host' && is.how === 'Exact' && !invert) return is.name;
  return undefined;
}
