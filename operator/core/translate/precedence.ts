import type { Instant } from '../model/brand.ts';
import type { Atom, Condition } from './atoms.ts';

/** What decides which of two units of a listener a request belongs to when it could be either's (api.md §6.3). */
export interface Ranked {
  readonly listener: string;
  /** specificity() of what it asks for. */
  readonly specificity: readonly number[];
  readonly claimed: Instant;
  /** `kind namespace name`. */
  readonly source: string;
  /** Place of the rule in its route. */
  readonly rule: number;
  /** The last step, so that the order is total. */
  readonly text: string;
}

/**
 * Negative: a goes first. The more specific one: by its host, then its path, then by how much more it asks for; then the
 * earlier claim, then the name. Kind of the source, place in a list and age of the object play no part before the last step.
 */
export function comparePrecedence(a: Ranked, b: Ranked): number {
  return (
    compareText(a.listener, b.listener) ||
    compareNumbers(a.specificity, b.specificity) ||
    a.claimed - b.claimed ||
    compareText(a.source, b.source) ||
    a.rule - b.rule ||
    compareText(a.text, b.text)
  );
}

/** Compared number by number; the lower goes first. */
export function specificity(atoms: readonly Atom[]): readonly number[] {
  // an inverted host or path is an exclusion: nobody can ask for one
  const asked = atoms.filter(({ invert }) => !invert).map(({ is }) => is);
  const host = asked.find((is) => is.on === 'host');
  const path = asked.find((is) => is.on === 'path');
  const count = (on: Condition['on']): number => atoms.filter(({ is }) => is.on === on).length;
  return [...hostRank(host), ...pathRank(path), -count('header'), -count('cookie'), -count('fileTypes')];
}

function hostRank(host: Extract<Condition, { on: 'host' }> | undefined): readonly [number, number, number] {
  switch (host?.how) {
    case 'Exact':
      return [0, 0, 0]; // exact names exclude each other: their lengths say nothing
    case 'OneLabelBelow':
      return [1, -host.name.length, 0];
    case 'Below':
      return [1, -host.name.length, 1];
    case undefined:
      return [2, 0, 0];
  }
}

function pathRank(path: Extract<Condition, { on: 'path' }> | undefined): readonly [number, number] {
  switch (path?.how) {
    case 'Exact':
      return [0, 0];
    case 'Regex':
      return [1, -path.value.length];
    case 'PathPrefix':
      return [2, -path.value.length];
    case undefined:
      return [3, 0];
  }
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [at, number] of a.entries()) {
    const difference = number - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
