import { expect, test } from '@jest/globals';
import { Dice } from '../../../test/support/dice.ts';
import { anyRuleSet } from '../../../test/support/l7/rule-set.ts';
import type { Instant } from '../model/brand.ts';
import type { Match } from '../model/intents.ts';
import { atomsOf } from './atoms.ts';
import { comparePrecedence, type Ranked, specificity } from './precedence.ts';

const everything: Match = { path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] };
const field = (name: string) => ({ name, type: 'Exact', value: '1', invert: false }) as const;

function ranked(text: string, of: { hostname?: string; match?: Partial<Match>; rest?: Partial<Ranked> } = {}): Ranked {
  const { hostname = 'a.b.io', match = {}, rest = {} } = of;
  const atoms = atomsOf(hostname, { ...everything, ...match });
  return {
    listener: 'http',
    specificity: specificity(atoms),
    claimed: 0 as Instant,
    source: 'ServiceRoute a x',
    rule: 0,
    text,
    ...rest,
  };
}

const path = (type: 'Exact' | 'PathPrefix' | 'Regex', value: string): Partial<Match> => ({ path: { type, value } });
const sign = (a: Ranked, b: Ranked): number => Math.sign(comparePrecedence(a, b));

test('first the host, then the path, then what more is asked, then who was first', () => {
  const inOrder = [
    ranked('exact path', { match: path('Exact', '/x') }),
    ranked('longer regex', { match: path('Regex', '^/x/[ab]') }),
    ranked('regex', { match: path('Regex', '^/') }),
    ranked('longer prefix', { match: path('PathPrefix', '/x/y') }),
    ranked('prefix and two headers', { match: { ...path('PathPrefix', '/x'), headers: [field('a'), field('b')] } }),
    ranked('prefix, header, cookie', {
      match: { ...path('PathPrefix', '/x'), headers: [field('a')], cookies: [field('c')] },
    }),
    ranked('prefix and header', { match: { ...path('PathPrefix', '/x'), headers: [field('a')] } }),
    ranked('prefix and two cookies', { match: { ...path('PathPrefix', '/x'), cookies: [field('c'), field('d')] } }),
    ranked('prefix, cookie, file type', {
      match: { ...path('PathPrefix', '/x'), cookies: [field('c')], fileTypes: ['a'] },
    }),
    ranked('prefix and cookie', { match: { ...path('PathPrefix', '/x'), cookies: [field('c')] } }),
    ranked('prefix and file type', { match: { ...path('PathPrefix', '/x'), fileTypes: ['a'] } }),
    ranked('prefix', { match: path('PathPrefix', '/x') }),
    ranked('host alone', {}),
    ranked('host alone, claimed later', { rest: { claimed: 1 as Instant } }),
    ranked('host alone, claimed later, named later', { rest: { claimed: 1 as Instant, source: 'ServiceRoute b x' } }),
    ranked('the second rule of it', { rest: { claimed: 1 as Instant, source: 'ServiceRoute b x', rule: 1 } }),
    ranked('one label below', { hostname: '+.b.io' }),
    ranked('longer wildcard, exact path', { hostname: '*.b.io', match: path('Exact', '/x') }),
    ranked('longer wildcard', { hostname: '*.b.io' }),
    ranked('shorter wildcard, exact path', { hostname: '*.io', match: path('Exact', '/x') }),
    ranked('any host, exact path', { hostname: '*', match: path('Exact', '/x') }),
    ranked('any host', { hostname: '*' }),
  ];
  const dice = new Dice(7);
  const mixed = inOrder.map((one) => ({ one, by: dice.roll(1000) })).toSorted((a, b) => a.by - b.by);
  expect(
    mixed
      .map(({ one }) => one)
      .toSorted(comparePrecedence)
      .map(({ text }) => text),
  ).toEqual(inOrder.map(({ text }) => text));
});

test('what a policy leaves out does not make it more specific', () => {
  const host = atomsOf('a.b.io', everything);
  const [other] = atomsOf('c.b.io', everything);
  const [, below] = atomsOf('a.b.io', { ...everything, ...path('PathPrefix', '/x') });
  const exclusions = [other, below].flatMap((atom) => (atom === undefined ? [] : [{ ...atom, invert: true }]));
  expect(exclusions).toHaveLength(2);
  expect(specificity([...exclusions, ...host])).toEqual(specificity(host));
});

test('it is a total order: of any two one goes first, and never in a circle', () => {
  const dice = new Dice(11);
  const all = Array.from({ length: 12 }, () => anyRuleSet(dice))
    .flat()
    .map((unit, at) =>
      ranked(String(at), { hostname: unit.hostname, match: unit.match, rest: { claimed: unit.claimed as Instant } }),
    );
  for (const a of all)
    for (const b of all) {
      expect(sign(a, b)).toBe(a === b ? 0 : -sign(b, a));
      for (const c of all) if (sign(a, b) < 0 && sign(b, c) < 0 && sign(a, c) >= 0) throw new Error('a circle');
    }
});
