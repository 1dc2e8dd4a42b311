import type { Milliseconds } from '../model/brand.ts';
import type { NamePattern, TagPattern } from '../model/subnet-pattern.ts';
import type { LabelSelector } from '../model/terms.ts';
import { regexFault } from './safe-regex.ts';

/** How the values of an annotation are written, and what they mean. */
export interface Form<Value> {
  /** Stands behind "Write". */
  readonly shape: string;
  /** undefined: the text is none of them. */
  readonly read: (text: string) => Value | undefined;
  /** What is not understood is Octavia's lack rather than the author's. */
  readonly unsupported?: true;
}

export const flag: Form<boolean> = words({ true: true, false: false });

/** One of some words, each with its meaning. */
export function words<Value>(meanings: Readonly<Record<string, Value>>): Form<Value> {
  const all = new Map(Object.entries(meanings));
  const quoted = [...all.keys()].map((word) => `"${word}"`);
  const shape = [quoted.slice(0, -1).join(', '), quoted.at(-1)].join(' or ');
  return { shape, read: (text) => all.get(text) };
}

export const uuid: Form<string> = {
  shape: 'a UUID, as the cloud shows it',
  read: (text) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined),
};

export function whole(least: number, most: number, unit: string): Form<number> {
  return {
    shape: `a whole number from ${least} to ${most}${unit === '' ? '' : ` (${unit})`}`,
    read: (text) => {
      const number = /^-?\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

const mostConnections = 2_147_483_647;

export const limit: Form<number> = {
  shape: '-1 for no limit, or a whole number of at least 1',
  read: (text) => {
    const number = whole(-1, mostConnections, '').read(text);
    return number === 0 ? undefined : number;
  },
};

/** Of the cloud or of Kubernetes, by name: whatever it may contain, it is only compared. */
export const name: Form<string> = {
  shape: 'a name of 1 to 255 characters',
  read: (text) => (text.length > 0 && text.length <= 255 ? text : undefined),
};

/** Any text: only whether it is there counts. */
export const anything: Form<string> = { shape: 'nothing', read: (text) => text };

export function list(of: string, most: number): Form<readonly string[]> {
  return {
    shape: `a comma-separated list of 1 to ${most} ${of}`,
    read: (text) => {
      const parts = text.split(',').map((part) => part.trim());
      return parts.includes('') || parts.length > most ? undefined : parts;
    },
  };
}

const dnsLabels = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Labels may be numbers, as in `203.0.113.10.nip.io`; where the last one is, it is an address or means nothing. */
export const dnsName: Form<string> = {
  shape: 'a DNS name in lower case',
  read: (text) => (text.length <= 253 && dnsLabels.test(text) && !/(^|\.)\d+$/.test(text) ? text : undefined),
};

const units: ReadonlyMap<string, Milliseconds> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);

/** As in our own kinds: terms of a number and a unit. */
export function duration(most: Milliseconds, mostText: string): Form<Milliseconds> {
  return {
    shape: `a duration from 0s to ${mostText}, such as 45s or 1m30s`,
    read: (text) => {
      if (!/^([0-9]{1,5}(h|m|s|ms)){1,4}$/.test(text)) return undefined;
      let total = 0;
      for (const [, count, unit = ''] of text.matchAll(/([0-9]{1,5})(h|ms|m|s)/g))
        total += Number(count) * (units.get(unit) ?? Number.NaN);
      return total <= most ? total : undefined;
    },
  };
}

const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** `k=v` for a label with that value, `k` for one with any. */
export const labels: Form<LabelSelector> = {
  shape: 'labels such as node-role=edge,ssd',
  read: (text) => {
    const parts = text.split(',').map((part) => part.trim().split('='));
    const good = parts.every(
      ([key = '', value = '', ...rest]) => rest.length === 0 && labelKey.test(key) && labelValue.test(value),
    );
    if (!good) return undefined;
    return {
      matchLabels: Object.fromEntries(
        parts.flatMap(([key = '', value]) => (value === undefined ? [] : [[key, value]])),
      ),
      matchExpressions: parts.flatMap(([key = '', value]) =>
        value === undefined ? [{ key, operator: 'Exists' as const, values: [] }] : [],
      ),
    };
  },
};

/** Backtracking over a name of 255 characters stays short with no more repetitions than these. */
const mostRepetitions = 2;

export const namePattern: Form<NamePattern> = {
  shape:
    'a name in which * and ? stand for others, or ~ and a regular expression of at most two repetitions; with ! before it, for what does not match',
  read: (text) => {
    const not = text.startsWith('!');
    const rest = not ? text.slice(1) : text;
    const kind = rest.startsWith('~') ? 'regexp' : 'glob';
    const pattern = kind === 'regexp' ? rest.slice(1) : rest;
    if (pattern === '' || pattern.length > 255) return undefined;
    return kind === 'regexp' && !isShortRegex(pattern) ? undefined : { not, kind, text: pattern };
  },
};

/** It runs in the operator, for all. */
function isShortRegex(text: string): boolean {
  return regexFault(text) === undefined && compiles(text) && (text.match(/[*+{?]/g) ?? []).length <= mostRepetitions;
}

function compiles(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

export const tagPattern: Form<TagPattern> = {
  shape: 'a comma-separated list of tags; with & before it, all are needed; with ! first of all, they must be missing',
  read: (text) => {
    const not = text.startsWith('!');
    const rest = not ? text.slice(1) : text;
    const match = rest.startsWith('&') ? 'all' : 'any';
    const tags = list('tags', 32).read(match === 'all' ? rest.slice(1) : rest);
    return tags === undefined ? undefined : { not, match, tags };
  },
};
