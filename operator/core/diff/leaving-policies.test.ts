import { expect, test } from '@jest/globals';
import { digest, instant, nothingSeen, programmed, uidOf } from '../../../test/support/core-fixtures.ts';
import { type Unit, wantedOfUnits } from '../../../test/support/l7/rule-set.ts';
import type { Seen, SeenPolicy } from '../model/seen.ts';
import { diff } from './diff.ts';

function forward(name: string, path: string): Unit {
  return {
    name,
    hostname: 'a.x.io',
    action: 'Forward',
    claimed: instant(1),
    source: `ServiceRoute a ${name}`,
    match: { path: { type: 'Exact', value: path }, headers: [], cookies: [], fileTypes: [] },
  };
}

const wantedOf = (units: readonly Unit[], seen: Seen) => wantedOfUnits(units, { seen, now: instant(30), digest });
const both = programmed(wantedOf([forward('edited', '/old'), forward('deleted', '/gone')], nothingSeen));

/** The writes to policies when one of the two rules is edited and the other is deleted. */
function writes(change: Partial<SeenPolicy> = {}): readonly string[] {
  const policies = both.policies.map((policy) =>
    policy.tags?.owner === uidOf('edited') ? { ...policy, ...change } : policy,
  );
  const seen = { ...both, policies };
  return diff(wantedOf([forward('edited', '/new')], seen), seen)
    .filter(({ kind }) => kind.endsWith('Policy'))
    .map(({ kind, unit }) => `${kind} ${unit?.rule}`);
}

test('the policy of a deleted rule goes first, that of an edited one when the new one is on', () => {
  expect(writes()).toEqual([
    'deletePolicy deleted',
    'createPolicy edited',
    'enablePolicy edited',
    'deletePolicy edited',
  ]);
});

test('one that serves nobody waits for nothing', () => {
  const first = ['deletePolicy edited', 'deletePolicy deleted', 'createPolicy edited', 'enablePolicy edited'];
  expect(writes({ enabled: false }).toSorted()).toEqual(first.toSorted());
  expect(writes({ enabled: false }).slice(2)).toEqual(first.slice(2));
  expect(writes({ provisioningStatus: 'ERROR' }).slice(2)).toEqual(first.slice(2));
});
