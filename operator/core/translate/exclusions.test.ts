import { expect, test } from '@jest/globals';
import type { Match } from '../model/intents.ts';
import { type Atom, atomsOf, atomText } from './atoms.ts';
import { excluding } from './exclusions.ts';

const everything: Match = { path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] };
const header = (name: string) => ({ name, type: 'Exact', value: '1', invert: false }) as const;

function unit(hostname: string, match: Partial<Match> = {}): readonly Atom[] {
  return atomsOf(hostname, { ...everything, ...match });
}

/** Of each policy what it has beyond the unit. */
function exclusions(of: readonly Atom[], blockers: readonly (readonly Atom[])[]) {
  return excluding(of, blockers)?.map((policy) => policy.slice(of.length).map(atomText));
}

const shop = unit('shop.io');
const exact = (value: string): Partial<Match> => ({ path: { type: 'Exact', value } });
const prefix = (value: string): Partial<Match> => ({ path: { type: 'PathPrefix', value } });

const two = (at: number) => unit('shop.io', { headers: [header(`a${at}`), header(`b${at}`)] });
const paths = (count: number) => Array.from({ length: count }, (_, at) => unit('shop.io', exact(`/${at}`)));

test('nothing to exclude: the unit itself', () => {
  expect(excluding(shop, [])).toEqual([shop]);
});

test('an ACME challenge is left out of a redirect by one rule: its host is the same', () => {
  expect(exclusions(shop, [unit('shop.io', exact('/.well-known/acme-challenge/T'))])).toEqual([
    ['PATH  not EQUAL_TO /.well-known/acme-challenge/T'],
  ]);
});

test('two atoms more make two policies: not this one, or not that one', () => {
  expect(exclusions(shop, [unit('shop.io', { ...prefix('/api'), headers: [header('x-env')] })])).toEqual([
    ['HEADER x-env not EQUAL_TO 1'],
    ['PATH  not REGEX ^/api(/|$)'],
  ]);
});

test('who shares no request, or only what another takes already, is not excluded', () => {
  const blockers = [unit('blog.io'), unit('shop.io', exact('/api/x')), unit('shop.io', prefix('/api'))];
  expect(exclusions(shop, blockers)).toEqual([['PATH  not REGEX ^/api(/|$)']]);
});

test('an exclusion that is there already splits nothing', () => {
  const blockers = [unit('shop.io', { ...prefix('/api/v1'), headers: [header('a')] }), unit('shop.io', prefix('/api'))];
  expect(exclusions(shop, blockers)).toEqual([['PATH  not REGEX ^/api(/|$)']]);
});

test('a blocker that takes all of the unit leaves nothing', () => {
  expect(excluding(unit('shop.io', { headers: [header('a')] }), [shop])).toEqual([]);
});

test('the order of the blockers changes nothing', () => {
  const blockers = [
    unit('shop.io', { ...prefix('/a'), headers: [header('a')] }),
    unit('shop.io', { ...prefix('/b'), cookies: [header('c')] }),
    unit('shop.io', exact('/c')),
  ];
  expect(excluding(shop, blockers.toReversed())).toEqual(excluding(shop, blockers));
});

test('eight policies are possible, the ninth is not', () => {
  expect(excluding(shop, [1, 2, 3].map(two))).toHaveLength(8);
  expect(excluding(shop, [1, 2, 3, 4].map(two))).toBeUndefined();
});

test('fifty rules are possible, the fifty-first is not', () => {
  expect(excluding(shop, paths(49))?.map((policy) => policy.length)).toEqual([50]);
  expect(excluding(shop, paths(50))).toBeUndefined();
});
