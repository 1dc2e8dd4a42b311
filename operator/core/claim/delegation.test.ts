import { describe, expect, test } from '@jest/globals';
import type { Attachment } from '../model/balancer-spec.ts';
import type { Uid } from '../model/brand.ts';
import { grantOf, hostnameGrant, wildcardsAbove } from './delegation.ts';

function attachment(of: Partial<Attachment>): Attachment {
  const nothing = { hostnames: [], ports: [], regexMatches: 'Forbidden' } as const;
  const kinds = ['ServiceRoute'] as const;
  return { from: 'All', selector: undefined, kinds, undelegated: 'FirstClaim', ...nothing, ...of };
}

describe('the most specific pattern decides', () => {
  const rules = attachment({
    hostnames: [
      { pattern: '*', namespaces: ['rest'] },
      { pattern: '*.example.com', namespaces: ['wide'] },
      { pattern: '*.team.example.com', namespaces: ['team'] },
      { pattern: 'api.team.example.com', namespaces: ['api'] },
      { pattern: 'api.team.example.com', namespaces: ['too'] },
    ],
  });
  test.each([
    ['api.team.example.com', ['api', 'too']],
    ['shop.team.example.com', ['team']],
    ['a.b.team.example.com', ['team']],
    ['*.team.example.com', ['team']],
    ['+.team.example.com', ['team']],
    ['*.deep.team.example.com', ['team']],
    ['team.example.com', ['wide']],
    ['example.com', ['rest']],
    ['*', ['rest']],
  ])('%s belongs to %j', (hostname, owners) => {
    const all = ['rest', 'wide', 'team', 'api', 'too', 'edge'];
    expect(all.filter((namespace) => hostnameGrant(hostname, namespace, rules).kind === 'delegated')).toEqual(owners);
    expect(all.filter((namespace) => hostnameGrant(hostname, namespace, rules).kind === 'open')).toEqual([]);
  });
});

test('what no entry covers is open under FirstClaim, but for the name that catches all', () => {
  const open = attachment({ hostnames: [{ pattern: 'api.example.com', namespaces: ['a'] }] });
  const kinds = ['shop.example.com', '*.example.com', '*'].map((name) => hostnameGrant(name, 'b', open).kind);
  expect(kinds).toEqual(['open', 'open', 'denied']);
  expect(hostnameGrant('shop.example.com', 'edge', attachment({ undelegated: 'Deny' })).kind).toBe('denied');
});

test('of overlapping port ranges the narrowest decides, for its protocols alone', () => {
  const rules = attachment({
    ports: [
      { start: 30_000, end: 30_999, protocols: ['TCP', 'UDP'], namespaces: ['wide'] },
      { start: 30_100, end: 30_100, protocols: ['TCP'], namespaces: ['narrow'] },
    ],
  });
  const kindOf = (namespace: string, protocol: 'TCP' | 'UDP' | 'SCTP', port: number): string =>
    grantOf({ kind: 'l4', owner: 'u' as Uid, rule: 'l4', protocol, port }, namespace, rules).kind;
  expect([
    kindOf('narrow', 'TCP', 30_100),
    kindOf('wide', 'TCP', 30_100),
    kindOf('wide', 'UDP', 30_100),
    kindOf('narrow', 'UDP', 30_100),
    kindOf('narrow', 'SCTP', 30_100),
    kindOf('wide', 'TCP', 30_999),
    kindOf('wide', 'TCP', 31_000),
  ]).toEqual(['delegated', 'denied', 'delegated', 'denied', 'open', 'delegated', 'open']);
});

test('wildcards above a name stand from the nearest to the widest, without itself', () => {
  expect(wildcardsAbove('a.b.example.com')).toEqual(['+.b.example.com', '*.b.example.com', '*.example.com', '*.com']);
  expect(wildcardsAbove('*.b.example.com')).toEqual(['+.b.example.com', '*.example.com', '*.com']);
  expect(wildcardsAbove('+.b.example.com')).toEqual(['*.b.example.com', '*.example.com', '*.com']);
  expect(wildcardsAbove('*')).toEqual([]);
});
