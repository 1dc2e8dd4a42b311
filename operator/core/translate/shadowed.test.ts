import { expect, test } from '@jest/globals';
import { digest, instant, nothingSeen, programmed, uidOf } from '../../../test/support/core-fixtures.ts';
import { intentsOf, type Unit } from '../../../test/support/l7/rule-set.ts';
import type { Match } from '../model/intents.ts';
import { translate } from './translate.ts';

function unit(name: string, action: Unit['action'], path: string, headers: readonly string[] = []): Unit {
  const match: Match = {
    path: path === '/' ? { type: 'Any' } : { type: 'PathPrefix', value: path },
    headers: headers.map((header) => ({ name: header, type: 'Exact', value: '1', invert: false })),
    cookies: [],
    fileTypes: [],
  };
  return { name, action, hostname: 'a.x.io', match, claimed: instant(1), source: `ServiceRoute a ${name}` };
}

/** `first` is programmed; then the rule `held` breaks, and `later` are asked for beside it. */
function statesWith(held: string, first: readonly Unit[], later: readonly Unit[]): Readonly<Record<string, string>> {
  const base = { now: instant(30), digest };
  const seen = programmed(translate({ ...intentsOf(first), ...base, seen: nothingSeen }).wanted);
  const made = intentsOf([...first, ...later]);
  const claims = {
    ...made.claims,
    held: made.claims.held.filter(({ unit: { rule } }) => rule !== held),
    frozen: [{ owner: uidOf(held), rule: held }],
    verdicts: made.claims.verdicts.filter(({ rule }) => rule !== held),
  };
  const { verdicts } = translate({ ...made, ...base, claims, seen });
  return Object.fromEntries(verdicts.map(({ rule, state, problem }) => [rule, [state, problem?.reason].join(' ')]));
}

const redirect = unit('all', 'Redirect', '/');
const [api, canary] = [unit('api', 'Forward', '/api'), unit('canary', 'Forward', '/api', ['X-Env'])];

test('what comes below a redirect that is held waits for it', () => {
  expect(statesWith('all', [redirect], [api, canary])).toEqual({ api: 'Pending Pending', canary: 'Pending Pending' });
});

test('what a held redirect leaves alone is in effect, and so is what it takes from nobody', () => {
  expect(statesWith('all', [redirect, api], [canary, { ...api, name: 'other', hostname: 'b.x.io' }])).toEqual({
    api: 'Programmed ',
    canary: 'Programmed ',
    other: 'Programmed ',
  });
});

test('that it leaves out one thing makes it no more specific than another', () => {
  expect(statesWith('all', [redirect, canary], [api, unit('beta', 'Forward', '/', ['X-Beta'])])).toEqual({
    api: 'Pending Pending',
    beta: 'Pending Pending',
    canary: 'Programmed ',
  });
});

test('what is more general than a held redirect, or asked before it, is in effect', () => {
  const narrow = unit('narrow', 'Redirect', '/api/old');
  expect(statesWith('narrow', [narrow], [api, unit('no', 'Reject', '/api/old/x')])).toEqual({
    api: 'Programmed ',
    no: 'Programmed ',
  });
});
