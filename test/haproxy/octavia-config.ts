import type { RuleBody } from '../../operator/core/model/body.ts';

/** One policy that answers for one request header alone, so that hundreds of them can stand in one file. */
export interface TriedPolicy {
  /** Value of the header `x-try` of its requests. */
  readonly name: string;
  readonly rules: readonly RuleBody[];
  readonly action:
    | { readonly type: 'Forward' | 'Reject' }
    | { readonly type: 'Redirect'; readonly to: 'location' | 'prefix'; readonly url: string };
}

/** What a Forward answers, and what answers when no policy does. */
export const answers = { forward: 'it was me', default: 'nobody' } as const;

/**
 * A HAProxy file with policies as Octavia's amphora driver writes them: an ACL per rule, then the action with all ACLs. Values get
 * a backslash before backslashes and spaces, then the template escapes them as HTML; nothing else happens to them.
 */
export function octaviaConfig(policies: readonly TriedPolicy[], port: number): string {
  return [
    'global',
    '    maxconn 200',
    'defaults',
    '    mode http',
    '    timeout connect 5000',
    '    timeout client 50000',
    '    timeout server 50000',
    'frontend tried',
    `    bind 127.0.0.1:${port}`,
    ...policies.flatMap(policyLines),
    '    default_backend default',
    'backend forward',
    `    http-request return status 200 content-type text/plain string "${answers.forward}"`,
    'backend default',
    `    http-request return status 200 content-type text/plain string "${answers.default}"`,
    '',
  ].join('\n');
}

function policyLines({ name, rules, action }: TriedPolicy): readonly string[] {
  const acls = rules.map((rule, at) => `        acl ${name}-${at} ${fetchOf(rule)} ${written(rule.value)}`);
  const condition = rules.map(({ invert }, at) => ` ${invert ? '!' : ''}${name}-${at}`).join('');
  return [
    `        acl ${name}-me req.hdr(x-try) -m str ${name}`,
    ...acls,
    `    ${actionOf(action)} if ${name}-me${condition}`,
  ];
}

function actionOf(action: TriedPolicy['action']): string {
  switch (action.type) {
    case 'Forward':
      return 'use_backend forward';
    case 'Reject':
      return 'http-request deny';
    case 'Redirect':
      return `redirect code 302 ${action.to} ${html(action.url)}`;
  }
}

function fetchOf({ type, key, compareType }: RuleBody): string {
  const how = comparisons[compareType];
  switch (type) {
    case 'HOST_NAME':
      return `req.hdr(host) -i -m ${how}`;
    case 'PATH':
      return `path -m ${how}`;
    case 'HEADER':
      return `req.hdr(${html(key ?? '')}) -m ${how}`;
    case 'COOKIE':
      return `req.cook(${html(key ?? '')}) -m ${how}`;
  }
}

const comparisons = { REGEX: 'reg', STARTS_WITH: 'beg', ENDS_WITH: 'end', CONTAINS: 'sub', EQUAL_TO: 'str' } as const;

function written(value: string): string {
  return html(value.replaceAll('\\', '\\\\').replaceAll(' ', '\\ '));
}

function html(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    "'": '&#39;',
    '"': '&#34;',
  };
  return text.replaceAll(/[&<>'"]/g, (character) => names[character] ?? character);
}
