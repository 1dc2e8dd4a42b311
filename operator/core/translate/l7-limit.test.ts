import { describe, expect, test } from '@jest/globals';
import { digest, instant, nothingSeen, programmed, uidOf } from '../../../test/support/core-fixtures.ts';
import { intentsOf, type Unit } from '../../../test/support/l7/rule-set.ts';
import type { FieldMatchSpec } from '../model/route-spec.ts';
import type { Claims } from '../model/verdict.ts';
import { translate, type TranslateInput } from './translate.ts';

const field = (name: string): FieldMatchSpec => ({ name, type: 'Exact', value: '1', invert: false });

/** A unit on one host; more headers split what must exclude it into more policies. */
function unit(name: string, action: Unit['action'], headers: number, minute = 0): Unit {
  const match = {
    path: { type: 'Any' } as const,
    headers: Array.from({ length: headers }, (_, at) => field(`${name}-${at}`)),
    cookies: [],
    fileTypes: [],
  };
  return { name, action, hostname: 'a.x.io', match, claimed: instant(minute), source: `ServiceRoute a ${name}` };
}

function decided(units: readonly Unit[], rest: Partial<TranslateInput> = {}, claims: Partial<Claims> = {}) {
  const made = intentsOf(units);
  const input = { ...made, seen: nothingSeen, now: instant(30), digest, ...rest };
  return translate({ ...input, claims: { ...made.claims, ...claims } });
}

const states = ({ verdicts }: ReturnType<typeof translate>) =>
  Object.fromEntries(
    verdicts.map(({ rule, state, problem }) => [rule, [state, problem?.reason].filter(Boolean).join(' ')]),
  );
const rulesOf = ({ wanted }: ReturnType<typeof translate>, name: string) =>
  wanted.policies.filter(({ tags }) => tags.owner === uidOf(name)).map(({ rules }) => rules.length);

const all = unit('all', 'Redirect', 0, 1);
const forwards = [2, 3, 4, 5].map((minute) => unit(`f${minute}`, 'Forward', 2, minute));

describe('beyond eight policies', () => {
  test('the newest of a redirect and those it must leave alone is refused, and the others are served', () => {
    const result = decided([all, ...forwards]);
    expect(states(result)).toEqual({
      all: 'Programmed',
      f2: 'Programmed',
      f3: 'Programmed',
      f4: 'Programmed',
      f5: 'Dropped UnsupportedValue',
    });
    expect([rulesOf(result, 'all'), rulesOf(result, 'f5')]).toEqual([[4, 4, 4, 4, 4, 4, 4, 4], []]);
    // nor has it a pool, which nothing would point to
    expect(result.wanted.pools.map(({ tags }) => tags.owner)).toEqual(['f2', 'f3', 'f4'].map(uidOf));
  });

  test('when the redirect itself is the newest it is the one', () => {
    const result = decided([{ ...all, claimed: instant(9) }, ...forwards]);
    expect(states(result)).toMatchObject({ all: 'Dropped UnsupportedValue', f5: 'Programmed' });
  });

  test('what is programmed gives way to nobody who comes later, whatever its claim says', () => {
    const seen = programmed(decided([all, ...forwards.slice(1)]).wanted);
    const result = decided([all, ...forwards], { seen });
    expect(states(result)).toMatchObject({ f2: 'Dropped UnsupportedValue', f5: 'Programmed' });
  });

  test('with the refused one gone, and with it again, nothing else changes', () => {
    const without = decided([all, ...forwards.slice(0, 3)]);
    const withIt = decided([all, ...forwards]);
    expect(withIt.wanted).toEqual(without.wanted);
  });
});

describe('a deletion elsewhere that makes the number grow', () => {
  // the broad one takes what the narrow ones would take, so the redirect excludes it alone
  const broad = unit('broad', 'Forward', 1, 0);
  const [shared] = broad.match.headers;
  if (shared === undefined) throw new Error('it has a header');
  const narrow = forwards.map((one) => ({ ...one, match: { ...one.match, headers: [shared, ...one.match.headers] } }));
  const seen = programmed(decided([all, broad, ...narrow]).wanted);
  const result = decided([all, ...narrow], { seen });

  test('displaces nobody: the redirect keeps the policies it has and says that it is held', () => {
    expect(states(result)).toEqual({
      all: 'Held UnsupportedValue',
      f2: 'Programmed',
      f3: 'Programmed',
      f4: 'Programmed',
      f5: 'Programmed',
    });
    expect(result.wanted.frozen).toEqual(
      seen.policies.filter(({ tags }) => tags?.owner === uidOf('all')).map(({ tags }) => tags?.key),
    );
    expect(rulesOf(result, 'all')).toEqual([]);
  });

  test('its place among the others is kept', () => {
    const [first] = result.wanted.policyOrder;
    expect(first).toBe(result.wanted.frozen[0]);
  });
});

test('a programmed rule that would become too much by its new action keeps its old one', () => {
  const forward = { ...all, action: 'Forward' } as const;
  const seen = programmed(decided([forward, ...forwards]).wanted);
  const result = decided([all, ...forwards], { seen });
  expect(states(result)).toMatchObject({ all: 'Held UnsupportedValue', f5: 'Programmed' });
  expect(result.wanted.frozen).toEqual(
    [...seen.policies, ...seen.pools]
      .flatMap(({ tags }) => (tags?.owner === uidOf('all') ? [tags.key] : []))
      .toSorted((a, b) => (a < b ? -1 : 1)),
  );
});

describe('what is programmed for a rule that is held', () => {
  const api = unit('api', 'Forward', 1, 0);
  const seen = programmed(decided([api]).wanted);
  const made = intentsOf([all, api]);
  const frozen = {
    held: made.claims.held.filter(({ unit: { rule } }) => rule === 'all'),
    frozen: [{ owner: uidOf('api'), rule: 'api' }],
  };

  test('is excluded from a redirect like what is asked for', () => {
    const result = decided([all, api], { seen }, frozen);
    expect(
      result.wanted.policies.map(({ rules }) => rules.map(({ type, key, invert }) => [type, key, invert])),
    ).toEqual([
      [
        ['HOST_NAME', undefined, false],
        ['HEADER', 'api-0', true],
      ],
    ]);
    expect(result.wanted.policyOrder).toEqual([
      ...result.wanted.policies.map(({ key }) => key),
      ...seen.policies.map(({ tags }) => tags?.key),
    ]);
  });

  test('counts as nothing while its rules are not known', () => {
    const unread = { ...seen, policies: seen.policies.map((policy) => ({ ...policy, rules: undefined })) };
    expect(decided([all, api], { seen: unread }, frozen).wanted.policies.map(({ rules }) => rules.length)).toEqual([1]);
  });
});

test('a policy that is programmed just so keeps its number when others beside it go', () => {
  const split = decided([all, unit('f', 'Forward', 3, 2)]);
  expect(split.wanted.policies).toHaveLength(4);
  const seen = programmed(split.wanted);
  const other = { ...seen, policies: seen.policies.filter(({ tags }) => tags?.key.endsWith('/1') !== true) };
  expect(decided([all, unit('f', 'Forward', 3, 2)], { seen: other }).wanted).toEqual(split.wanted);
});
