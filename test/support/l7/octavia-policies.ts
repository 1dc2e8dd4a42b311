import type { RuleBody } from '../../../operator/core/model/body.ts';
import type { Request } from './request.ts';

/** A policy as Octavia hands it to HAProxy; its rules in whatever form the reader can evaluate. */
export interface Policy<Rule> {
  readonly action: 'REJECT' | 'REDIRECT' | 'POOL';
  /** What a client gets from it. */
  readonly answer: string;
  readonly rules: readonly Rule[];
}

/**
 * HAProxy with Octavia's configuration: all `http-request deny`, then all `redirect`, then all `use_backend`, each in the
 * order of the policies; a policy without rules is not rendered. undefined: the listener's default pool, or 503.
 */
export function answerOf<Rule>(
  policies: readonly Policy<Rule>[],
  matches: (rule: Rule) => boolean,
): string | undefined {
  for (const action of ['REJECT', 'REDIRECT', 'POOL'] as const) {
    const first = policies.find(
      (policy) => policy.action === action && policy.rules.length > 0 && policy.rules.every(matches),
    );
    if (first !== undefined) return first.answer;
  }
  return undefined;
}

/** One ACL of HAProxy, inverted where the rule says so. */
export function ruleMatches(rule: RuleBody, request: Request): boolean {
  return samples(rule, request).some((sample) => compares(rule, sample)) !== rule.invert;
}

/** An ACL looks at every value there is: none, no match. */
function samples({ type, key }: RuleBody, { host, path, headers, cookies }: Request): readonly string[] {
  switch (type) {
    case 'HOST_NAME':
      return host === undefined ? [] : [host];
    case 'PATH':
      return [path];
    case 'HEADER':
      return headers[(key ?? '').toLowerCase()] ?? [];
    case 'COOKIE':
      return cookies[key ?? ''] ?? [];
  }
}

function compares({ type, compareType, value }: RuleBody, sample: string): boolean {
  const [is, should] = type === 'HOST_NAME' ? [sample.toLowerCase(), value.toLowerCase()] : [sample, value];
  switch (compareType) {
    case 'EQUAL_TO':
      return is === should;
    case 'STARTS_WITH':
      return is.startsWith(should);
    case 'ENDS_WITH':
      return is.endsWith(should);
    case 'CONTAINS':
      return is.includes(should);
    case 'REGEX':
      return new RegExp(value, type === 'HOST_NAME' ? 'i' : '').test(sample);
  }
}
