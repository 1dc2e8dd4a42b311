import type { RuleBody } from '../model/body.ts';
import type { Match } from '../model/intents.ts';
import { readHostname } from '../model/hostname.ts';
import type { FieldMatchSpec } from '../model/route-spec.ts';
import { exactHostRegex, fileTypesRegex, oneLabelRegex, pathPrefixRegex, subdomainsRegex } from '../model/rule-text.ts';

/** One thing that a request is or is not: the meaning of one rule of Octavia. */
export interface Atom {
  readonly is: Condition;
  readonly invert: boolean;
}

export type Condition =
  | { readonly on: 'host'; readonly how: 'Exact' | 'Below' | 'OneLabelBelow'; readonly name: string }
  | { readonly on: 'path'; readonly how: 'Exact' | 'PathPrefix' | 'Regex'; readonly value: string }
  | { readonly on: 'fileTypes'; readonly types: readonly string[] }
  | {
      readonly on: 'header' | 'cookie';
      readonly how: FieldMatchSpec['type'];
      readonly name: string;
      readonly value: string;
    }
  /** A rule that none of ours looks like. Equal only to itself. */
  | { readonly on: 'other'; readonly rule: RuleBody };

/** What a request must be to belong to a hostname and a match; all of it. Strings have passed the allowlist before. */
export function atomsOf(hostname: string, match: Match): readonly Atom[] {
  const { path, headers, cookies, fileTypes } = match;
  return [
    ...hostAtoms(hostname),
    ...(path.type === 'Any' ? [] : [plain({ on: 'path', how: path.type, value: path.value })]),
    ...headers.map((header) => fieldAtom('header', header)),
    ...cookies.map((cookie) => fieldAtom('cookie', cookie)),
    ...(fileTypes.length === 0 ? [] : [plain({ on: 'fileTypes', types: fileTypes })]),
  ];
}

function hostAtoms(hostname: string): readonly Atom[] {
  const host = readHostname(hostname);
  switch (host.kind) {
    case 'every':
      return [];
    case 'exact':
      return [plain({ on: 'host', how: 'Exact', name: host.name })];
    case 'below':
      return [plain({ on: 'host', how: 'Below', name: host.domain })];
    case 'oneLabelBelow':
      return [plain({ on: 'host', how: 'OneLabelBelow', name: host.domain })];
  }
}

function fieldAtom(on: 'header' | 'cookie', { name, type, value, invert }: FieldMatchSpec): Atom {
  return { is: { on, how: type, name, value: value ?? '' }, invert };
}

function plain(is: Condition): Atom {
  return { is, invert: false };
}

export function inverted({ is, invert }: Atom): Atom {
  return { is, invert: !invert };
}

/** The rules of one policy. Octavia skips a policy without rules, so nothing to ask for is said as "any path". */
export function policyRules(atoms: readonly Atom[]): readonly RuleBody[] {
  return atoms.length === 0 ? [anyPath] : atoms.map(ruleOf);
}

const anyPath: RuleBody = { type: 'PATH', compareType: 'STARTS_WITH', key: undefined, value: '/', invert: false };

export function ruleOf({ is, invert }: Atom): RuleBody {
  switch (is.on) {
    case 'host':
      // case does not matter to it, and EQUAL_TO would miss `Host: h:80`
      return { type: 'HOST_NAME', compareType: 'REGEX', key: undefined, value: hostRegex(is.how, is.name), invert };
    case 'path':
      return { type: 'PATH', ...pathComparison(is.how, is.value), key: undefined, invert };
    case 'fileTypes':
      // FILE_TYPE EQUAL_TO never matches on older Octavia
      return { type: 'PATH', compareType: 'REGEX', key: undefined, value: fileTypesRegex(is.types), invert };
    case 'header':
    case 'cookie':
      return { type: is.on === 'header' ? 'HEADER' : 'COOKIE', key: is.name, ...fieldComparison(is), invert };
    case 'other':
      return { ...is.rule, invert };
  }
}

function hostRegex(how: 'Exact' | 'Below' | 'OneLabelBelow', name: string): string {
  switch (how) {
    case 'Exact':
      return exactHostRegex(name);
    case 'Below':
      return subdomainsRegex(name);
    case 'OneLabelBelow':
      return oneLabelRegex(name);
  }
}

type Comparison = Pick<RuleBody, 'compareType' | 'value'>;

function pathComparison(how: 'Exact' | 'PathPrefix' | 'Regex', value: string): Comparison {
  switch (how) {
    case 'Exact':
      return { compareType: 'EQUAL_TO', value };
    case 'PathPrefix':
      return { compareType: 'REGEX', value: pathPrefixRegex(value) };
    case 'Regex':
      return { compareType: 'REGEX', value };
  }
}

function fieldComparison({ how, value }: { readonly how: FieldMatchSpec['type']; readonly value: string }): Comparison {
  return how === 'Present' ? { compareType: 'REGEX', value: '.' } : { compareType: fieldComparisons[how], value };
}

const fieldComparisons = {
  Exact: 'EQUAL_TO',
  Prefix: 'STARTS_WITH',
  Suffix: 'ENDS_WITH',
  Contains: 'CONTAINS',
  Regex: 'REGEX',
} as const satisfies Record<Exclude<FieldMatchSpec['type'], 'Present'>, RuleBody['compareType']>;

/** One text for one atom: equal atoms have equal texts, and texts give lists of atoms an order. */
export function atomText(atom: Atom): string {
  const { type, compareType, key, value, invert } = ruleOf(atom);
  return `${type} ${key ?? ''} ${invert ? 'not ' : ''}${compareType} ${value}`;
}
