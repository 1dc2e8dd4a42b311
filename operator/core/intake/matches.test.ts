import { describe, expect, test } from '@jest/globals';
import type { FieldMatchSpec, MatchSpec } from '../model/route-spec.ts';
import { canonicalMatches } from './matches.ts';

const nothing: MatchSpec = { path: undefined, headers: [], cookies: [], fileTypes: [] };
const exact = (name: string, value: string): FieldMatchSpec => ({ name, type: 'Exact', value, invert: false });

describe('canonical form', () => {
  test('no match is one match of everything', () => {
    expect(canonicalMatches([], 'Forbidden')).toEqual({
      matches: [{ path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] }],
      problem: undefined,
    });
  });

  test('names of headers in lower case, lists sorted, nothing twice; names of cookies as they are', () => {
    const match: MatchSpec = {
      path: { type: 'PathPrefix', value: '/p/' },
      headers: [exact('X-B', '2'), exact('x-a', '1'), exact('X-A', '1')],
      cookies: [exact('b', '1'), exact('B', '1'), exact('b', '1')],
      fileTypes: ['png', 'jpg', 'png'],
    };
    expect(canonicalMatches([match], 'Forbidden').matches).toEqual([
      {
        path: { type: 'PathPrefix', value: '/p' },
        headers: [exact('x-a', '1'), exact('x-b', '2')],
        cookies: [exact('B', '1'), exact('b', '1')],
        fileTypes: ['jpg', 'png'],
      },
    ]);
  });

  test('matches that say the same are one; an exact path keeps its slash', () => {
    const path = (type: 'PathPrefix' | 'Exact', value: string): MatchSpec => ({ ...nothing, path: { type, value } });
    const { matches } = canonicalMatches(
      [path('PathPrefix', '/'), nothing, path('PathPrefix', '/p'), path('PathPrefix', '/p/'), path('Exact', '/p/')],
      'Forbidden',
    );
    expect(matches.map((match) => match.path)).toEqual([
      { type: 'Any' },
      { type: 'PathPrefix', value: '/p' },
      { type: 'Exact', value: '/p/' },
    ]);
  });
});

describe('what must not become rules', () => {
  const present: FieldMatchSpec = { name: 'X-A', type: 'Present', value: undefined, invert: false };
  const regex: FieldMatchSpec = { name: 'X-A', type: 'Regex', value: 'a.*', invert: false };

  test.each<[string, Partial<MatchSpec>, string, string]>([
    ['a path', { path: { type: 'Exact', value: '/#' } }, 'UnsafeString', 'matches[1].path.value: character "#"'],
    ['a header name', { headers: [exact('a b', 'x')] }, 'UnsafeString', 'matches[1].headers[0].name: character " "'],
    [
      'a header',
      { headers: [present, exact('a', '-i')] },
      'UnsafeString',
      'matches[1].headers[1].value: character "-"',
    ],
    ['a cookie name', { cookies: [exact('', 'x')] }, 'UnsafeString', 'matches[1].cookies[0].name: ""'],
    ['a cookie', { cookies: [exact('a', 'b;c')] }, 'UnsafeString', 'matches[1].cookies[0].value: character ";"'],
    ['a file type', { fileTypes: ['jpg', 'p.g'] }, 'UnsafeString', 'matches[1].fileTypes[1]: character "."'],
    ['Present with a value', { headers: [{ ...present, value: 'x' }] }, 'Invalid', 'matches[1].headers[0].value'],
    [
      'a value that is missing',
      { cookies: [{ ...regex, value: undefined }] },
      'Invalid',
      'matches[1].cookies[0].value',
    ],
    ['a path Regex', { path: { type: 'Regex', value: '^/a' } }, 'RegexNotAllowed', 'matches[1].path'],
    ['a header Regex', { headers: [regex] }, 'RegexNotAllowed', 'matches[1].headers[0]'],
  ])('%s is told by its place', (_, match, reason, message) => {
    expect(canonicalMatches([nothing, { ...nothing, ...match }], 'Forbidden').problem).toEqual({
      reason,
      message: expect.stringContaining(message),
    });
  });

  test('regular expressions are possible where the balancer allows them, and safe ones only', () => {
    const path = (value: string): MatchSpec => ({ ...nothing, path: { type: 'Regex', value } });
    expect(
      canonicalMatches([path('^/a'), { ...nothing, headers: [regex, present] }], 'Allowed').problem,
    ).toBeUndefined();
    expect(canonicalMatches([path('^/(a+)+')], 'Allowed').problem?.message).toContain(
      'a nested quantifier at position 7',
    );
    const repeated = { ...nothing, cookies: [{ ...regex, value: '*a' }] };
    expect(canonicalMatches([repeated], 'Allowed').problem?.message).toContain('nothing to repeat');
  });
});
