import { flag, matching, oneOf, type Read, tags, text } from '../fields.ts';
import { octaviaRefusal } from '../refusal.ts';

const oneLine = matching(/^[^\r\n]*$/);

const ruleFields = {
  tags,
  admin_state_up: flag,
  type: oneOf(
    'COOKIE',
    'SSL_CONN_HAS_CERT',
    'HOST_NAME',
    'FILE_TYPE',
    'PATH',
    'SSL_DN_FIELD',
    'SSL_VERIFY_RESULT',
    'HEADER',
  ),
  compare_type: oneOf('STARTS_WITH', 'REGEX', 'ENDS_WITH', 'EQUAL_TO', 'CONTAINS'),
  key: oneLine,
  value: oneLine,
  invert: flag,
};

const required = ['type', 'compare_type', 'value'] as const;
const fields = { ...ruleFields, project_id: text(), tenant_id: text() };

export const ruleUpdate = { argument: 'l7rule_.rule', fields: ruleFields } as const;
export const ruleCreate = { argument: 'rule_.rule', fields, required };
export const ruleInTree = { argument: 'load_balancer.loadbalancer', fields: ruleFields, required };

export type RuleBody = Read<typeof ruleFields>;

export const ruleDefaults = { tags: [], admin_state_up: true, key: null, invert: false } as const;

/** What Octavia checks of a whole rule; the rest is between it and HAProxy. */
export function checkRule({ type, compare_type, key, value }: RuleBody): void {
  if (value == null || value === '') throw bad('Invalid L7 Rule: L7 rule type requires a value');
  if ((type === 'HEADER' || type === 'COOKIE') && (key == null || key === ''))
    throw bad('Invalid L7 Rule: L7 rule type requires a key');
  if ((type === 'HEADER' || type === 'COOKIE') && !token.test(key ?? '')) throw bad('Invalid characters in key');
  if (type === 'FILE_TYPE' && compare_type !== 'EQUAL_TO' && compare_type !== 'REGEX')
    throw bad('Invalid L7 Rule: invalid comparison type for rule type');
  if (compare_type === 'REGEX') return checkPattern(value);
  if (type === 'HEADER') return checkText(value, 'header value');
  if (type === 'COOKIE') return checkText(value, 'cookie value');
  checkText(value, 'comparison value');
}

const token = /^[a-zA-Z0-9!#$%&'*+\-.^_`|~]+$/;

function checkText(value: string, what: string): void {
  const plain = /^[\x21-\x7e]+$/.test(value);
  const quoted = what !== 'cookie value' && /^"[\x20-\x7e]*"$/.test(value);
  if (!plain && !quoted) throw bad(`Invalid characters in ${what}`);
}

/** Octavia tries it with Python; a pattern that Python alone knows passes here and there, and HAProxy refuses it later. */
function checkPattern(pattern: string): void {
  const open = unclosed(pattern);
  if (open !== undefined)
    throw bad(`Unable to parse regular expression: missing ), unterminated subpattern at position ${open}`);
  const why = faultOf(pattern.replaceAll('(?P<', '(?<').replaceAll('(?i)', ''));
  if (why !== undefined) throw bad(`Unable to parse regular expression: ${why}`);
}

function faultOf(pattern: string): string | undefined {
  try {
    RegExp(pattern).test('');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

/** Where the last group begins that is never closed. */
function unclosed(pattern: string): number | undefined {
  const open: number[] = [];
  let inClass = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const one = pattern[at];
    if (one === '\\') at += 1;
    else if (inClass) inClass = one !== ']';
    else if (one === '[') inClass = true;
    else if (one === '(') open.push(at);
    else if (one === ')') open.pop();
  }
  return open.at(-1);
}

function bad(what: string): Error {
  return octaviaRefusal(400, `Error parsing L7Rule: ${what}`);
}
