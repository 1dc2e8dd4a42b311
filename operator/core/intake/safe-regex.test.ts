import { expect, test } from '@jest/globals';
import { regexFault } from './safe-regex.ts';

test.each([
  '',
  '^/a$',
  '^/(?:en|de)/',
  '^/[^/]+/x$',
  '^/[a-c-]x',
  '^/[-a]x',
  '^/[\\d\\-]{1,3}$',
  '^/a|^/b',
  '^/(ab)+$',
  '^/(a+)/b$',
  '^/(a|b)?$',
  '^/(a|b){1}$',
  '^/\\(x\\)\\{\\}\\[\\]$',
  '^/x{3}y{2,}z{0,128}$',
  '\\bword\\b',
])('%j can be used', (regex) => {
  expect(regexFault(regex)).toBeUndefined();
  expect(() => new RegExp(regex)).not.toThrow();
});

test.each<[string, number, string]>([
  ['^/(a)\\1', 5, 'a back-reference'],
  ['^/(?=a)', 3, 'look-around, a name or a flag'],
  ['^/(?!a)', 3, 'look-around, a name or a flag'],
  ['^/(?<!a)', 3, 'look-around, a name or a flag'],
  ['^/(?P<n>a)', 3, 'look-around, a name or a flag'],
  ['^/(?i)a', 3, 'look-around, a name or a flag'],
  ['^/(*ACCEPT)', 3, 'a * with nothing to repeat'],
  ['^/(a+)+$', 6, 'a nested quantifier'],
  ['^/(a|a)*$', 7, 'a nested quantifier'],
  ['^/((a?)b){2}', 9, 'a nested quantifier'],
  ['^/a++', 4, 'a + behind another quantifier'],
  ['^/a*?', 4, 'a ? behind another quantifier'],
  ['^*', 1, 'a * with nothing to repeat'],
  ['^/a{', 3, 'a { that is no count'],
  ['^/a{,3}', 3, 'a { that is no count'],
  ['^/a{9999}', 3, 'a { that is no count'],
  ['^/a{3,2}', 3, 'a count that is not possible'],
  ['^/a{129}', 3, 'a count that is not possible'],
  ['^/a)', 3, 'a ) that closes nothing'],
  ['^/(a', 2, 'a ( that is never closed'],
  ['^/[a', 2, 'a [ that is never closed'],
  ['^/[]a]', 3, 'a ] inside [ ]'],
  ['^/[[:alpha:]]', 3, 'a [ inside [ ]'],
  ['^/[z-a]', 4, 'a range that does not rise'],
  ['^/[\\d-z]', 5, 'a range that does not rise'],
  ['^/[a-\\w]', 4, 'a range that does not rise'],
  ['^/[\\b]', 3, 'a word boundary inside [ ]'],
  ['^/a]', 3, 'a ] that closes nothing'],
  ['^/a}', 3, 'a } that closes nothing'],
  ['^/\\', 2, 'a \\ with nothing behind it'],
  ['^/\\p', 2, '\\p'],
  ['^/\\Qa\\E', 2, '\\Q'],
  ['^/\\Ka', 2, '\\K'],
])('%j is refused at character %i', (regex, at, what) => {
  const { fix: _fix, ...fault } = regexFault(regex) ?? { fix: '' };
  expect(fault).toEqual({ at, what });
});
