import type { Instant } from '../model/brand.ts';
import type { Match } from '../model/intents.ts';

/** What decides which of two policies HAProxy must try first (api.md §6.3). */
export interface Ranked {
  readonly listener: string;
  readonly hostname: string;
  readonly match: Match;
  readonly claimed: Instant;
  /** `kind namespace name`: the last step, so that the order is total. */
  readonly source: string;
  /** Place of the rule in its route. */
  readonly rule: number;
}

/**
 * Negative: a goes first. Per listener: path Exact, then PathPrefix (longer first), then any path; then the earlier
 * claim, then the name. Exact hostnames exclude each other, so their order says nothing; age of an object plays no part.
 */
export function comparePrecedence(a: Ranked, b: Ranked): number {
  return (
    compareText(a.listener, b.listener) ||
    pathRank(a.match) - pathRank(b.match) ||
    pathLength(b.match) - pathLength(a.match) ||
    a.claimed - b.claimed ||
    compareText(a.source, b.source) ||
    a.rule - b.rule ||
    compareText(a.hostname, b.hostname) ||
    compareText(pathText(a.match), pathText(b.match))
  );
}

function pathRank({ path }: Match): number {
  switch (path.type) {
    case 'Exact':
      return 0;
    case 'Regex':
      return 1;
    case 'PathPrefix':
      return 2;
    case 'Any':
      return 3;
  }
}

function pathLength({ path }: Match): number {
  return path.type === 'PathPrefix' || path.type === 'Regex' ? path.value.length : 0;
}

function pathText({ path }: Match): string {
  return path.type === 'Any' ? '' : path.value;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
