import type { Problem } from '../model/reason.ts';

/**
 * Octavia copies tenant strings into a HAProxy file that all tenants share, escaping next to nothing. Nothing reaches it
 * that is not on these lists (api.md §8.4): no quote, no `&`, no `#`, no leading dash. There is no escaping, only refusal.
 */
export type StringKind = 'hostname' | 'path';

/** undefined: safe; else what is wrong, at which character. */
export function unsafe(kind: StringKind, field: string, value: string): Problem | undefined {
  const { whole, one, longest, shape } = lists[kind];
  if (value.length > longest)
    return problem(`${field}: ${value.length} characters, at most ${longest} are possible. Shorten it.`);
  if (whole.test(value) && !(kind === 'path' && value.includes('//'))) return undefined;
  const characters = Array.from(value);
  const at = characters.findIndex((character) => !one.test(character));
  const found = characters[at];
  if (found !== undefined)
    return problem(
      `${field}: character ${JSON.stringify(found)} at position ${at + 1} would reach the HAProxy configuration. Use ${shape}.`,
    );
  return problem(`${field}: ${JSON.stringify(value)} is not ${shape}. Correct it.`);
}

const lists = {
  hostname: {
    whole: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/,
    one: /[-a-z0-9.]/,
    longest: 200,
    shape: 'a DNS name of two labels or more in lower case',
  },
  path: {
    whole: /^\/([A-Za-z0-9/._~!*+,;=:@-]|%[0-9A-Fa-f]{2})*$/,
    one: /[A-Za-z0-9/._~!*+,;=:@%-]/,
    longest: 128,
    shape: 'a path that starts with /, has no // and only plain URL characters',
  },
} as const satisfies Record<StringKind, { whole: RegExp; one: RegExp; longest: number; shape: string }>;

function problem(message: string): Problem {
  return { reason: 'UnsafeString', message };
}
