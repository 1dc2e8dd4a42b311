import { type Match, matchText } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { MatchSpec } from '../model/snapshot.ts';
import { unsafe } from './safe-strings.ts';

/** Matches in their one canonical form, each once; no match at all is a match of everything. */
export function canonicalMatches(matches: readonly MatchSpec[]): {
  readonly matches: readonly Match[];
  readonly problem: Problem | undefined;
} {
  const all = matches.length === 0 ? [{ path: undefined }] : matches;
  const problem = all
    .map(({ path }, at) => (path === undefined ? undefined : unsafe('path', `matches[${at}].path.value`, path.value)))
    .find((one) => one !== undefined);
  const distinct = new Map(all.map(canonicalMatch).map((match) => [matchText(match), match]));
  return { matches: [...distinct.values()], problem };
}

function canonicalMatch({ path }: MatchSpec): Match {
  if (path === undefined) return { path: { type: 'Any' } };
  if (path.type === 'Exact') return { path: { type: 'Exact', value: path.value } };
  const value = path.value.replace(/\/+$/, '');
  return value === '' ? { path: { type: 'Any' } } : { path: { type: 'PathPrefix', value } };
}
