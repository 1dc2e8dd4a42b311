import type { Match } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { ActionSpec } from '../model/route-spec.ts';
import { exactHostRegex, longestRuleValue, oneLabelRegex, pathPrefixRegex } from '../model/rule-text.ts';
import { unsafe } from './safe-strings.ts';

/** What a rule's hostnames, canonical matches and action did wrong; the first of it. */
export function hostnamesProblem(
  hostnames: readonly string[],
  fieldAt = (at: number): string => `http.hostnames[${at}]`,
): Problem | undefined {
  for (const [at, hostname] of hostnames.entries()) {
    const field = fieldAt(at);
    const problem = unsafe('hostnames', field, hostname) ?? tooLong(field, hostname, hostRegex(hostname));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The longest form that a hostname can take in a rule. */
function hostRegex(hostname: string): string {
  return hostname.startsWith('*') ? oneLabelRegex(hostname.slice(2)) : exactHostRegex(hostname);
}

export function prefixProblem(matches: readonly Match[], field = 'matches[].path.value'): Problem | undefined {
  for (const { path } of matches) {
    if (path.type !== 'PathPrefix') continue;
    const problem = tooLong(field, path.value, pathPrefixRegex(path.value));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function tooLong(field: string, value: string, regex: string): Problem | undefined {
  if (regex.length <= longestRuleValue) return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `${field}: ${JSON.stringify(value)} has too many characters that need an escape: ${regex.length} of ${longestRuleValue} that Octavia takes. Shorten it.`,
  };
}

export function redirectProblem(action: ActionSpec): Problem | undefined {
  if (action.type !== 'Redirect') return undefined;
  return 'url' in action
    ? unsafe('redirectUrl', 'action.redirect.url', action.url)
    : unsafe('redirectUrl', 'action.redirect.prefix', action.prefix);
}
