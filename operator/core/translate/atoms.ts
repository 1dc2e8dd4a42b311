import type { RuleBody } from '../model/body.ts';
import type { Match } from '../model/intents.ts';

/** The rules of one policy: the host, then the path; all of them must match. Strings have passed the allowlist before. */
export function policyRules(hostname: string, match: Match): readonly RuleBody[] {
  return [hostRule(hostname), ...pathRules(match)];
}

/** Octavia compares the raw Host header, which may carry any port: EQUAL_TO would miss `Host: h:80`. Case does not matter to it. */
function hostRule(hostname: string): RuleBody {
  return rule({ type: 'HOST_NAME', compareType: 'REGEX', value: `^${escaped(hostname)}(:[0-9]+)?$` });
}

function pathRules({ path }: Match): readonly RuleBody[] {
  switch (path.type) {
    case 'Any':
      return [];
    case 'Exact':
      return [rule({ type: 'PATH', compareType: 'EQUAL_TO', value: path.value })];
    case 'PathPrefix':
      // STARTS_WITH /p would also match /px
      return [rule({ type: 'PATH', compareType: 'REGEX', value: `^${escaped(path.value)}(/|$)` })];
    case 'Regex':
      return [rule({ type: 'PATH', compareType: 'REGEX', value: path.value })];
  }
}

function rule(of: Pick<RuleBody, 'type' | 'compareType' | 'value'>): RuleBody {
  return { ...of, key: undefined, invert: false };
}

/** Of the characters that the allowlists let through, these mean something in a regular expression. */
export function escaped(text: string): string {
  return text.replaceAll(/[.*+$?()[\]{}|^\\]/g, String.raw`\$&`);
}
