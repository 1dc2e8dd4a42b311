import { expect, test } from '@jest/globals';
import { digest, instant, nothingSeen, programmed, uidOf } from '../../../test/support/core-fixtures.ts';
import { type Unit, wantedOfUnits } from '../../../test/support/l7/rule-set.ts';
import type { Match } from '../model/intents.ts';
import type { Seen } from '../model/seen.ts';

const under = { headers: [], cookies: [], fileTypes: [] } as const;
const unit = { hostname: 'a.x.io', claimed: instant(1) } as const;
const redirect: Unit = {
  ...unit,
  name: 'all',
  action: 'Redirect',
  source: 'ServiceRoute a all',
  match: { path: { type: 'Any' }, ...under },
};

const forward = (name: string, match: Partial<Match>): Unit => ({
  ...unit,
  name,
  action: 'Forward',
  source: `ServiceRoute a ${name}`,
  match: { path: { type: 'Any' }, ...under, ...match },
});

const at = (value: string): Partial<Match> => ({ path: { type: 'Exact', value } });
const header = (value: string): Partial<Match> => ({
  path: { type: 'Exact', value: '/canary' },
  headers: [{ name: 'x-env', type: 'Exact', value, invert: false }],
});

const wantedOf = (forwards: readonly Unit[], seen: Seen) =>
  wantedOfUnits([redirect, ...forwards], { seen, now: instant(30), digest });
const before = (forwards: readonly Unit[]): Seen => programmed(wantedOf(forwards, nothingSeen));

/** The policies of the redirect by their number: what each leaves out. */
function numbers(forwards: readonly Unit[], seen: Seen): readonly string[] {
  return wantedOf(forwards, seen)
    .policies.filter(({ tags }) => tags.owner === uidOf('all'))
    .map(
      ({ key, rules }) =>
        `${key.slice(-1)}: ${rules.flatMap(({ invert, value }) => (invert ? [value] : [])).join(' ')}`,
    );
}

test('without anything programmed they count from 0', () => {
  expect(numbers([forward('f', header('one'))], nothingSeen)).toEqual(['0: one', '1: /canary']);
});

test('one that gains or loses a rule is changed in place', () => {
  const [f, g] = [forward('f', at('/f')), forward('g', at('/g'))];
  expect(numbers([f, g], before([f]))).toEqual(['0: /f /g']);
  expect(numbers([f], before([f, g]))).toEqual(['0: /f']);
});

test('one that gains and loses comes beside the old one', () => {
  expect(numbers([forward('f', at('/new'))], before([forward('f', at('/old'))]))).toEqual(['1: /new']);
});

test('one whose rules are not known yet is taken for what it will be: then they are read', () => {
  const seen = before([forward('f', at('/old'))]);
  const unread = { ...seen, policies: seen.policies.map((policy) => ({ ...policy, rules: undefined })) };
  expect(numbers([forward('f', at('/new'))], unread)).toEqual(['0: /new']);
});

test('of several, one that is as it should be keeps its number, and only the other is made anew', () => {
  expect(numbers([forward('f', header('two'))], before([forward('f', header('one'))]))).toEqual([
    '1: /canary',
    '2: two',
  ]);
});
