import type { Problem } from '../model/reason.ts';
import { regexFault } from './safe-regex.ts';

/**
 * Octavia copies tenant strings into a HAProxy file that all tenants share, escaping next to nothing. Nothing reaches it
 * that is not on these lists (api.md §8.4): no quote, no `&`, no `#`, no leading dash. There is no escaping, only refusal.
 */
export type StringKind = keyof typeof lists;

/** undefined: safe; else what is wrong, at which character. */
export function unsafe(kind: StringKind, field: string, value: string): Problem | undefined {
  const list: AllowList = lists[kind];
  if (value.length > list.longest)
    return problem(`${field}: ${value.length} characters, at most ${list.longest} are possible. Shorten it.`);
  const at = firstBad(value, list);
  const found = at === undefined ? undefined : Array.from(value)[at];
  if (at !== undefined && found !== undefined)
    return problem(
      `${field}: character ${JSON.stringify(found)} at position ${at + 1} would reach the HAProxy configuration. Use ${list.shape}.`,
    );
  if (!list.whole.test(value) || list.never?.test(value) === true)
    return problem(`${field}: ${JSON.stringify(value)} is not ${list.shape}. Correct it.`);
  const fault = list.regex === true ? regexFault(value) : undefined;
  return fault === undefined
    ? undefined
    : problem(`${field}: ${fault.what} at position ${fault.at + 1} of the regular expression. ${fault.fix}`);
}

/** The first place may be narrower than the rest: HAProxy takes a leading dash for an option. */
function firstBad(value: string, { one, first }: AllowList): number | undefined {
  const characters = Array.from(value);
  const at = characters.findIndex(
    (character, place) => !one.test(character) || (place === 0 && first !== undefined && !first.test(character)),
  );
  return at < 0 ? undefined : at;
}

interface AllowList {
  readonly whole: RegExp;
  /** Each character by itself, so that a refusal can point at one. */
  readonly one: RegExp;
  readonly first?: RegExp;
  readonly never?: RegExp;
  readonly longest: number;
  readonly shape: string;
  /** It must also be a regular expression that every engine reads alike and none needs long for. */
  readonly regex?: true;
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const name = `${label}(\\.${label})+`;
const valueShape = "letters, digits and _ . ~ : / ? @ ! * + ; = -, the first of them not '-'";
const cookieShape = "letters, digits and _ . ~ : / ? @ ! * + = -, the first of them not '-'";
const header = /^[A-Za-z0-9_.~:/?@!*+;=][A-Za-z0-9_.~:/?@!*+;=-]*$/;
const cookie = /^[A-Za-z0-9_.~:/?@!*+=][A-Za-z0-9_.~:/?@!*+=-]*$/;
const headerValue = {
  whole: header,
  one: /[A-Za-z0-9_.~:/?@!*+;=-]/,
  first: /[^-]/,
  longest: 128,
  shape: valueShape,
} as const;
const cookieValue = { ...headerValue, whole: cookie, one: /[A-Za-z0-9_.~:/?@!*+=-]/, shape: cookieShape } as const;

const lists = {
  /** One name: what a health monitor says. */
  hostname: {
    whole: new RegExp(`^${name}$`),
    one: /[-a-z0-9.]/,
    longest: 200,
    shape: 'a DNS name of two labels or more in lower case',
  },
  /** What a route may ask for. */
  hostnames: {
    whole: new RegExp(`^(\\*|(\\*\\.)?${name})$`),
    one: /[-a-z0-9.*]/,
    longest: 200,
    shape: 'a DNS name of two labels or more in lower case, *. before such a name, or * alone',
  },
  path: {
    whole: /^\/([A-Za-z0-9/._~!*+,;=:@-]|%[0-9A-Fa-f]{2})*$/,
    one: /[A-Za-z0-9/._~!*+,;=:@%-]/,
    never: /\/\//,
    longest: 128,
    shape: 'a path that starts with /, has no // and only plain URL characters',
  },
  pathRegex: {
    whole: /^\^/,
    one: /[A-Za-z0-9/._~!*+,;=:@%^$|()[\]?{}\\-]/,
    longest: 128,
    shape: 'a regular expression that starts with ^ and has only characters of a path and ^ $ | ( ) [ ] ? { } \\',
    regex: true,
  },
  headerName: {
    whole: /^[A-Za-z0-9][A-Za-z0-9-]*$/,
    one: /[A-Za-z0-9-]/,
    first: /[^-]/,
    longest: 64,
    shape: 'letters, digits and -, the first of them a letter or digit',
  },
  cookieName: {
    whole: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
    one: /[A-Za-z0-9_.-]/,
    first: /[A-Za-z0-9_]/,
    longest: 64,
    shape: 'letters, digits and _ . -, the first of them a letter, digit or _',
  },
  headerValue,
  headerRegex: { ...headerValue, regex: true },
  cookieValue,
  cookieRegex: { ...cookieValue, regex: true },
  fileType: { whole: /^[A-Za-z0-9]+$/, one: /[A-Za-z0-9]/, longest: 10, shape: 'letters and digits, without the dot' },
  redirectUrl: {
    whole: /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/([A-Za-z0-9/._~!*+,;=:@?-]|%[0-9A-Fa-f]{2})*)?$/,
    one: /[A-Za-z0-9/._~!*+,;=:@?%-]/,
    longest: 200,
    shape: 'a URL that starts with http:// or https://, has a host and only plain URL characters',
  },
} as const satisfies Record<string, AllowList>;

function problem(message: string): Problem {
  return { reason: 'UnsafeString', message };
}
