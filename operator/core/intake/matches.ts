import { fieldText, type Match, matchText } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { FieldMatchSpec, MatchSpec } from '../model/route-spec.ts';
import { type StringKind, unsafe } from './safe-strings.ts';

/** Whether the balancer's owner lets routes match by regular expressions. */
export type RegexMatches = 'Forbidden' | 'Allowed';

/** Matches in their one canonical form, each once; no match at all is a match of everything. */
export function canonicalMatches(
  matches: readonly MatchSpec[],
  regex: RegexMatches,
): {
  readonly matches: readonly Match[];
  readonly problem: Problem | undefined;
} {
  const all: readonly MatchSpec[] = matches.length === 0 ? [everything] : matches;
  const problem = all.map((match, at) => matchProblem(match, `matches[${at}]`, regex)).find((one) => one !== undefined);
  const distinct = new Map(all.map(canonicalMatch).map((match) => [matchText(match), match]));
  return { matches: [...distinct.values()], problem };
}

const everything: MatchSpec = { path: undefined, headers: [], cookies: [], fileTypes: [] };

function canonicalMatch({ path, headers, cookies, fileTypes }: MatchSpec): Match {
  return {
    path: canonicalPath(path),
    headers: distinctFields(headers.map((header) => ({ ...header, name: header.name.toLowerCase() }))),
    cookies: distinctFields(cookies),
    fileTypes: [...new Set(fileTypes)].toSorted(),
  };
}

function canonicalPath(path: MatchSpec['path']): Match['path'] {
  if (path === undefined) return { type: 'Any' };
  if (path.type !== 'PathPrefix') return { type: path.type, value: path.value };
  const value = path.value.replace(/\/+$/, '');
  return value === '' ? { type: 'Any' } : { type: 'PathPrefix', value };
}

function distinctFields(fields: readonly FieldMatchSpec[]): readonly FieldMatchSpec[] {
  const distinct = new Map(fields.map((field) => [fieldText(field), field]));
  return [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, field]) => field);
}

/** What of a match must not, or cannot, become rules; the first of it. */
function matchProblem(match: MatchSpec, field: string, regex: RegexMatches): Problem | undefined {
  return (
    pathProblem(match.path, `${field}.path`, regex) ??
    firstOf(match.headers, (one, at) => fieldProblem(one, `${field}.headers[${at}]`, { in: 'header', regex })) ??
    firstOf(match.cookies, (one, at) => fieldProblem(one, `${field}.cookies[${at}]`, { in: 'cookie', regex })) ??
    firstOf(match.fileTypes, (one, at) => unsafe('fileType', `${field}.fileTypes[${at}]`, one))
  );
}

function pathProblem(path: MatchSpec['path'], field: string, regex: RegexMatches): Problem | undefined {
  if (path === undefined) return undefined;
  if (path.type === 'Regex')
    return regex === 'Forbidden' ? regexForbidden(field) : unsafe('pathRegex', `${field}.value`, path.value);
  return unsafe('path', `${field}.value`, path.value);
}

function fieldProblem(
  { name, type, value }: FieldMatchSpec,
  field: string,
  by: { readonly in: 'header' | 'cookie'; readonly regex: RegexMatches },
): Problem | undefined {
  const [names, values, regexes] = kinds[by.in];
  const badName = unsafe(names, `${field}.name`, name);
  if (badName !== undefined) return badName;
  if ((type === 'Present') !== (value === undefined))
    return { reason: 'Invalid', message: `${field}.value is required unless the type is Present. Correct it.` };
  if (type === 'Regex' && by.regex === 'Forbidden') return regexForbidden(field);
  return value === undefined ? undefined : unsafe(type === 'Regex' ? regexes : values, `${field}.value`, value);
}

const kinds: Readonly<Record<'header' | 'cookie', readonly [StringKind, StringKind, StringKind]>> = {
  header: ['headerName', 'headerValue', 'headerRegex'],
  cookie: ['cookieName', 'cookieValue', 'cookieRegex'],
};

function regexForbidden(field: string): Problem {
  return {
    reason: 'RegexNotAllowed',
    message: `${field}: the balancer does not allow regular expressions. Use another type, or ask the platform team for attachment.regexMatches.`,
  };
}

function firstOf<One>(list: readonly One[], check: (one: One, at: number) => Problem | undefined): Problem | undefined {
  for (const [at, one] of list.entries()) {
    const problem = check(one, at);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
