import { describe, expect, test } from '@jest/globals';
import type { Match } from '../model/intents.ts';
import type { FieldMatchSpec } from '../model/route-spec.ts';
import { atomsOf, inverted, policyRules } from './atoms.ts';
import { readAtoms } from './read-atoms.ts';

const everything: Match = { path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] };

function rules(hostname: string, match: Partial<Match> = {}): readonly string[] {
  return policyRules(atomsOf(hostname, { ...everything, ...match })).map(({ type, key, compareType, value, invert }) =>
    [invert ? 'not' : undefined, type, key, compareType, value].filter(Boolean).join(' '),
  );
}

const field = (type: FieldMatchSpec['type'], invert = false): FieldMatchSpec => ({
  name: 'x-env',
  type,
  value: type === 'Present' ? undefined : 'v.1',
  invert,
});

describe('every row of the table', () => {
  test.each<[string, string, readonly string[]]>([
    ['exact host', 'shop.io', [String.raw`HOST_NAME REGEX ^shop\.io(:[0-9]+)?$`]],
    ['any depth below', '*.shop.io', [String.raw`HOST_NAME REGEX \.shop\.io(:[0-9]+)?$`]],
    ['one label below', '+.shop.io', [String.raw`HOST_NAME REGEX ^[^.]+\.shop\.io(:[0-9]+)?$`]],
    ['all hosts and paths', '*', ['PATH STARTS_WITH /']],
  ])('%s', (_, hostname, expected) => {
    expect(rules(hostname)).toEqual(expected);
  });

  test.each<[string, Partial<Match>, readonly string[]]>([
    ['Exact', { path: { type: 'Exact', value: '/p.x' } }, ['PATH EQUAL_TO /p.x']],
    ['PathPrefix', { path: { type: 'PathPrefix', value: '/p.x' } }, [String.raw`PATH REGEX ^/p\.x(/|$)`]],
    ['Regex', { path: { type: 'Regex', value: '^/p.x' } }, ['PATH REGEX ^/p.x']],
    ['Exact header', { headers: [field('Exact')] }, ['HEADER x-env EQUAL_TO v.1']],
    ['Prefix header', { headers: [field('Prefix')] }, ['HEADER x-env STARTS_WITH v.1']],
    ['Suffix header', { headers: [field('Suffix')] }, ['HEADER x-env ENDS_WITH v.1']],
    ['Contains header', { headers: [field('Contains')] }, ['HEADER x-env CONTAINS v.1']],
    ['Regex header', { headers: [field('Regex')] }, ['HEADER x-env REGEX v.1']],
    ['Present header', { headers: [field('Present')] }, ['HEADER x-env REGEX .']],
    ['inverted header', { headers: [field('Exact', true)] }, ['not HEADER x-env EQUAL_TO v.1']],
    ['cookie', { cookies: [field('Exact')] }, ['COOKIE x-env EQUAL_TO v.1']],
    ['cookie that is not there', { cookies: [field('Present', true)] }, ['not COOKIE x-env REGEX .']],
    ['file types', { fileTypes: ['jpg', 'png'] }, [String.raw`PATH REGEX \.(jpg|png)$`]],
  ])('%s', (_, match, expected) => {
    expect(rules('*', match)).toEqual(expected);
  });

  test('all of a match, host first', () => {
    const match: Match = {
      path: { type: 'PathPrefix', value: '/p' },
      headers: [field('Exact')],
      cookies: [field('Present')],
      fileTypes: ['png'],
    };
    expect(rules('a.io', match)).toEqual([
      String.raw`HOST_NAME REGEX ^a\.io(:[0-9]+)?$`,
      'PATH REGEX ^/p(/|$)',
      'HEADER x-env EQUAL_TO v.1',
      'COOKIE x-env REGEX .',
      String.raw`PATH REGEX \.(png)$`,
    ]);
  });
});

describe('the way back', () => {
  test('rules of ours are read as what they were made of, inverted ones too', () => {
    const paths: readonly Match['path'][] = [
      { type: 'Any' },
      { type: 'Exact', value: '/p.x' },
      { type: 'PathPrefix', value: '/p.x+y' },
      { type: 'Regex', value: '^/p.x' },
    ];
    const headers = (['Exact', 'Prefix', 'Suffix', 'Contains', 'Regex', 'Present'] as const).map((type) => field(type));
    for (const hostname of ['a.b.io', '*.b.io', '+.b.io', '*'])
      for (const path of paths) {
        const plain = atomsOf(hostname, { path, headers, cookies: [field('Exact', true)], fileTypes: ['a', 'b'] });
        const atoms = [...plain, ...plain.map(inverted)];
        expect(readAtoms(policyRules(atoms))).toEqual(atoms);
      }
    expect(readAtoms(policyRules([]))).toEqual([]);
  });

  test('a rule of another hand is itself and nothing else', () => {
    const strange = {
      type: 'HOST_NAME',
      compareType: 'EQUAL_TO',
      key: undefined,
      value: 'a.io',
      invert: true,
    } as const;
    expect(readAtoms([strange])).toEqual([{ is: { on: 'other', rule: { ...strange, invert: false } }, invert: true }]);
    expect(policyRules(readAtoms([strange]))).toEqual([strange]);
  });
});
