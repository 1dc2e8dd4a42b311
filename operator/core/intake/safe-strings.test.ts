import { describe, expect, test } from '@jest/globals';
import { type StringKind, unsafe } from './safe-strings.ts';

const accepted: readonly (readonly [StringKind, readonly string[]])[] = [
  ['hostname', ['a.b', 'shop.team-a.example.com', '1.2.io']],
  ['hostnames', ['*', '*.b.c', 'a.b']],
  ['path', ['/', '/a/b.c', '/a%2Fb~!*+,;=:@-_', `/${'x'.repeat(127)}`]],
  ['pathRegex', ['^', '^/a$', '^/(en|de)(/|$)', '^/[a-z0-9]{2,5}\\.html$']],
  ['headerName', ['X-Env', '1', 'a'.repeat(64)]],
  ['cookieName', ['_a.b-c', 'beta']],
  ['headerValue', ['a;b', '/x?y=z', '*', '!', 'a-']],
  ['cookieValue', ['a=b', '~', 'a-']],
  ['headerRegex', ['a.*', 'one']],
  ['fileType', ['jpg', 'A1']],
  ['redirectUrl', ['http://a', 'https://a.example.com:8443/x?y=%20', 'https://a/']],
];

test.each(accepted)('%s: what is on the list passes', (kind, values) => {
  expect(values.map((value) => unsafe(kind, 'field', value))).toEqual(values.map(() => undefined));
});

describe('what would do harm in a HAProxy file is refused in every kind of string', () => {
  const harmful = [
    'a b',
    'a"b',
    "a'b",
    'a#b',
    'a&b',
    'a<b',
    'a>b',
    'a\nb',
    'a\tb',
    'a\u0000b',
    'aéb',
    'a`b',
    '-i',
    '--',
    '-f',
  ];
  test.each(accepted.map(([kind]) => kind))('%s', (kind) => {
    const values = harmful.map((value) => (kind === 'pathRegex' ? `^${value}` : value));
    // behind the ^ that starts it, a dash is no option to HAProxy
    const harmless = kind === 'pathRegex' ? ['^-i', '^--', '^-f'] : [];
    expect(values.filter((value) => unsafe(kind, 'field', value) === undefined)).toEqual(harmless);
  });
});

test.each<[StringKind, string, string]>([
  ['path', '/a#b', 'character "#" at position 3 would reach the HAProxy configuration'],
  ['path', '/a//b', '"/a//b" is not a path that starts with /'],
  ['path', 'a', '"a" is not a path that starts with /'],
  ['path', '/a%2', '"/a%2" is not a path that starts with /'],
  ['path', `/${'x'.repeat(128)}`, '129 characters, at most 128 are possible'],
  ['hostname', '*.b.c', 'character "*" at position 1'],
  ['hostnames', 'a.*.c', '"a.*.c" is not a DNS name'],
  ['hostnames', 'Shop.example.com', 'character "S" at position 1'],
  ['hostnames', 'localhost', '"localhost" is not a DNS name'],
  ['hostnames', 'a..b', '"a..b" is not a DNS name'],
  ['headerValue', '-i', 'character "-" at position 1'],
  ['headerValue', 'a,b', 'character "," at position 2'],
  ['cookieValue', 'a;b', 'character ";" at position 2'],
  ['cookieName', '.a', 'character "." at position 1'],
  ['headerName', 'a_b', 'character "_" at position 2'],
  ['redirectUrl', 'ftp://a', '"ftp://a" is not a URL that starts with http:// or https://'],
  ['redirectUrl', 'https://a.b/c#d', 'character "#" at position 14'],
  ['redirectUrl', 'https://user@a.b/', '"https://user@a.b/" is not a URL'],
  ['fileType', '', '"" is not letters and digits'],
  ['pathRegex', '/a', '"/a" is not a regular expression that starts with ^'],
  ['pathRegex', '^/(a', 'a ( that is never closed at position 3 of the regular expression'],
  ['path', '/\u{1F600}', 'character "\u{1F600}" at position 2'],
])('%s %j says what is wrong and where', (kind, value, message) => {
  const problem = unsafe(kind, 'http.field', value);
  expect(problem).toEqual({ reason: 'UnsafeString', message: expect.stringContaining(`http.field: ${message}`) });
});
