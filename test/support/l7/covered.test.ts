import { expect, test } from '@jest/globals';
import { diff } from '../../../operator/core/diff/diff.ts';
import { canonicalMatches } from '../../../operator/core/intake/matches.ts';
import type { Match } from '../../../operator/core/model/intents.ts';
import type { Operation } from '../../../operator/core/model/plan.ts';
import type { MatchSpec } from '../../../operator/core/model/route-spec.ts';
import type { Seen } from '../../../operator/core/model/seen.ts';
import type { WantedTree } from '../../../operator/core/model/wanted.ts';
import { translate } from '../../../operator/core/translate/translate.ts';
import { digest, instant, nothingSeen, programmed } from '../core-fixtures.ts';
import { intentsOf, type Unit } from './rule-set.ts';

function matchOf(spec: Partial<MatchSpec>): Match {
  const [match] = canonicalMatches(
    [{ path: undefined, headers: [], cookies: [], fileTypes: [], ...spec }],
    'Allowed',
  ).matches;
  if (match === undefined) throw new Error('a match');
  return match;
}

function unit(name: string, action: Unit['action'], match: Match): Unit {
  return { name, action, match, hostname: 'a.x.io', claimed: instant(0), source: `ServiceRoute a ${name}` };
}

function wantedOf(units: readonly Unit[], seen: Seen): WantedTree {
  return translate({ ...intentsOf(units), seen, now: instant(30), digest }).wanted;
}

const header = (value: string) => ({ name: 'X-Env', type: 'Contains', value, invert: false }) as const;
const rejection = unit('rejected', 'Reject', matchOf({ headers: [header('one')] }));
const before = [rejection, unit('served', 'Forward', matchOf({ path: { type: 'PathPrefix', value: '/b' } }))];
/** More headers, so more specific; and each request of the rejection is one of it. */
const covering = unit('served', 'Forward', matchOf({ headers: [header('on'), header('ne')] }));

function told(operation: Operation): string {
  return 'unit' in operation && operation.unit !== undefined
    ? `${operation.kind} ${operation.unit.rule}`
    : operation.kind;
}

test('a rejection whose requests an edited rule takes, all of them, stays until that one serves', () => {
  const seen = programmed(wantedOf(before, nothingSeen));
  const operations = diff(wantedOf([rejection, covering], seen), seen).map(told);
  expect(operations).toEqual([
    'createPolicy served',
    'createRule served',
    'createRule served',
    'createRule served',
    'enablePolicy served',
    'deletePolicy served',
    'deletePolicy rejected',
  ]);
});

test('a rejection whose requests others took before goes when it is deleted, before anything comes', () => {
  const seen = programmed(wantedOf(before, nothingSeen));
  const operations = diff(wantedOf([covering], seen), seen).map(told);
  expect(operations[0]).toBe('deletePolicy rejected');
});
