import { expect, test } from '@jest/globals';
import { fitsPattern, type NamePattern, type TagPattern } from './subnet-pattern.ts';

const names = ['public', 'public-a', 'public-b', 'private'];

function named(name: NamePattern): readonly string[] {
  return names.filter((one) => fitsPattern({ name, tags: undefined }, { name: one, tags: [] }));
}

test.each<[string, NamePattern, readonly string[]]>([
  ['a name alone is that name', { not: false, kind: 'glob', text: 'public' }, ['public']],
  ['a star is any text, also none', { not: false, kind: 'glob', text: 'public*' }, ['public', 'public-a', 'public-b']],
  ['a star in the middle', { not: false, kind: 'glob', text: 'p*-?' }, ['public-a', 'public-b']],
  ['a question mark is one character', { not: false, kind: 'glob', text: 'public-?' }, ['public-a', 'public-b']],
  ['the negation of a glob', { not: true, kind: 'glob', text: 'public*' }, ['private']],
  ['characters of expressions mean themselves in a glob', { not: false, kind: 'glob', text: 'publi.' }, []],
  ['an expression fits anywhere', { not: false, kind: 'regexp', text: 'c-[ab]$' }, ['public-a', 'public-b']],
  ['the negation of an expression', { not: true, kind: 'regexp', text: '^public' }, ['private']],
])('%s', (_, pattern, fit) => {
  expect(named(pattern)).toEqual(fit);
});

test('a glob with many stars ends at once', () => {
  const name = { not: false, kind: 'glob', text: `${'*a'.repeat(100)}b` } as const;
  expect(fitsPattern({ name, tags: undefined }, { name: 'a'.repeat(255), tags: [] })).toBe(false);
});

const tagged = [['gold'], ['gold', 'eu'], ['eu'], []];

test.each<[string, TagPattern, readonly (readonly string[])[]]>([
  ['any of the tags', { not: false, match: 'any', tags: ['gold', 'eu'] }, [['gold'], ['gold', 'eu'], ['eu']]],
  ['all of the tags', { not: false, match: 'all', tags: ['gold', 'eu'] }, [['gold', 'eu']]],
  ['none of the tags', { not: true, match: 'any', tags: ['gold', 'eu'] }, [[]]],
  ['not all of the tags', { not: true, match: 'all', tags: ['gold', 'eu'] }, [['gold'], ['eu'], []]],
])('%s', (_, tags, fit) => {
  expect(tagged.filter((has) => fitsPattern({ name: undefined, tags }, { name: 'x', tags: has }))).toEqual(fit);
});

test('name and tags must both fit', () => {
  const pattern = {
    name: { not: false, kind: 'glob', text: 'public*' },
    tags: { not: false, match: 'any', tags: ['gold'] },
  } as const;
  expect(fitsPattern(pattern, { name: 'public-a', tags: ['gold'] })).toBe(true);
  expect(fitsPattern(pattern, { name: 'public-a', tags: [] })).toBe(false);
  expect(fitsPattern(pattern, { name: 'private', tags: ['gold'] })).toBe(false);
});
