import { type Match, matchText } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { MatchSpec } from '../model/route-spec.ts';
import { unsafe } from './safe-strings.ts';

/** Matches in their one canonical form, each once; no match at all is a match of everything. */
export function canonicalMatches(matches: readonly MatchSpec[]): {
  readonly matches: readonly Match[];
  readonly problem: Problem | undefined;
} {
  const all: readonly MatchSpec[] = matches.length === 0 ? [everything] : matches;
  const problem = all
    .map(({ path }, at) => (path === undefined ? undefined : unsafe('path', `matches[${at}].path.value`, path.value)))
    .find((one) => one !== undefined);
  const distinct = new Map(all.map(canonicalMatch).map((match) => [matchText(match), match]));
  return { matches: [...distinct.values()], problem };
}

const everything: MatchSpec = { path: undefined, headers: [], cookies: [], fileTypes: [] };

function canonicalMatch({ path, headers, cookies, fileTypes }: MatchSpec): Match {
  return { path: canonicalPath(path), headers, cookies, fileTypes };
}

function canonicalPath(path: MatchSpec['path']): Match['path'] {
  if (path === undefined) return { type: 'Any' };
  if (path.type !== 'PathPrefix') return { type: path.type, value: path.value };
  const value = path.value.replace(/\/+$/, '');
  return value === '' ? { type: 'Any' } : { type: 'PathPrefix', value };
}
