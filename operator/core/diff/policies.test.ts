import { describe, expect, test } from '@jest/globals';
import { digest, instant, nothingSeen, programmed, uidOf } from '../../../test/support/core-fixtures.ts';
import { wantedOfUnits } from '../../../test/support/l7/rule-set.ts';
import type { RuleBody } from '../model/body.ts';
import type { CloudId } from '../model/brand.ts';
import type { Operation } from '../model/plan.ts';
import type { Seen, SeenPolicy } from '../model/seen.ts';
import { diff } from './diff.ts';
import { unreadRules } from './unread-rules.ts';

const exact = (value: string) => ({ path: { type: 'Exact', value } as const, headers: [], cookies: [], fileTypes: [] });
const all = {
  name: 'all',
  hostname: 'a.x.io',
  action: 'Redirect',
  claimed: instant(1),
  source: 'ServiceRoute a all',
} as const;
const redirect = { ...all, match: { path: { type: 'Any' }, headers: [], cookies: [], fileTypes: [] } } as const;
const forward = { ...all, name: 'f', action: 'Forward', match: exact('/f'), source: 'ServiceRoute a f' } as const;

const wanted = wantedOfUnits([redirect, forward], { seen: nothingSeen, now: instant(30), digest });
const right = programmed(wanted);

/** The redirect as it would be if somebody or something had changed it. */
function changed(change: Partial<SeenPolicy>): Seen {
  return {
    ...right,
    policies: right.policies.map((policy) => (policy.tags?.owner === uidOf('all') ? { ...policy, ...change } : policy)),
  };
}

const [redirectPolicy] = right.policies;
if (redirectPolicy?.tags === undefined || redirectPolicy.rules === undefined) throw new Error('it is programmed');
const { tags, rules } = redirectPolicy;
const told = (operations: readonly Operation[]) =>
  operations.map((operation) =>
    operation.kind === 'createRule' ? `createRule ${operation.rule.value}` : operation.kind,
  );
const old: RuleBody = { type: 'PATH', compareType: 'EQUAL_TO', key: undefined, value: '/old', invert: true };
const another = { ...old, provisioningStatus: 'ACTIVE' } as const;

describe('rules of a live policy', () => {
  test('new ones first, then its tag, then the old ones go', () => {
    const stale = [...rules.slice(0, 1), { ...another, id: 'old' as CloudId }];
    const seen = changed({ tags: { ...tags, hash: 'before' }, rules: stale, ruleIds: stale.map(({ id }) => id) });
    expect(told(diff(wanted, seen))).toEqual(['createRule /f', 'updatePolicy', 'deleteRule']);
  });

  test('one that another hand took away comes back, one that it added goes', () => {
    const one = rules.slice(0, 1);
    expect(told(diff(wanted, changed({ rules: one, ruleIds: one.map(({ id }) => id) })))).toEqual(['createRule /f']);
    const more = [...rules, { ...another, id: 'more' as CloudId }];
    expect(told(diff(wanted, changed({ rules: more, ruleIds: more.map(({ id }) => id) })))).toEqual(['deleteRule']);
  });

  test('where fifty leave no room, old ones go before new ones come', () => {
    const many = Array.from({ length: 49 }, (_, at) => ({ ...another, value: `/${at}`, id: `r${at}` as CloudId }));
    const full = [...rules.slice(0, 1), ...many];
    const seen = changed({ tags: { ...tags, hash: 'before' }, rules: full, ruleIds: full.map(({ id }) => id) });
    expect(told(diff(wanted, seen))).toEqual([...many.map(() => 'deleteRule'), 'createRule /f', 'updatePolicy']);
  });

  test('whose tag or number differs are read before anything is done to them', () => {
    const otherTag = changed({ tags: { ...tags, hash: 'before' }, rules: undefined });
    const otherNumber = changed({ ruleIds: [], rules: undefined });
    const more = changed({ ruleIds: [...redirectPolicy.ruleIds, 'more' as CloudId], rules: undefined });
    expect([otherTag, more].map((seen) => [diff(wanted, seen), unreadRules(wanted, seen)])).toEqual([
      [[], [redirectPolicy.id]],
      [[], [redirectPolicy.id]],
    ]);
    // nothing to read where there are none
    expect(unreadRules(wanted, otherNumber)).toEqual([]);
    expect(unreadRules(wanted, changed({ rules: undefined }))).toEqual([]);
  });
});

describe('a policy whose making was cut short', () => {
  test('gets the rules that are missing and is switched on', () => {
    const one = rules.slice(0, 1);
    const seen = changed({ enabled: false, rules: one, ruleIds: one.map(({ id }) => id) });
    expect(told(diff(wanted, seen))).toEqual(['createRule /f', 'enablePolicy']);
  });

  test('is made anew when it is on and empty: its first rule alone would match too much', () => {
    expect(told(diff(wanted, changed({ rules: [], ruleIds: [] })))).toEqual([
      'deletePolicy',
      'createPolicy',
      `createRule ${rules[0]?.value ?? ''}`,
      'createRule /f',
      'enablePolicy',
    ]);
  });
});

describe('a policy that was switched off because it stopped every change', () => {
  const off = { enabled: false, tags: { ...tags, suspected: 1 } };

  test('stays off', () => {
    expect(diff(wanted, changed(off))).toEqual([]);
  });

  test('is switched on when its owner made another one of it, and no longer suspected', () => {
    const operations = diff(wanted, changed({ ...off, tags: { ...off.tags, hash: 'before' } }));
    expect(told(operations)).toEqual(['updatePolicy', 'enablePolicy']);
  });

  test('is switched on when another one is the culprit, and remembered as suspected once', () => {
    const seen = changed({ ...off, updatedAt: instant(1) });
    const policies = seen.policies.map((policy) =>
      policy.tags?.owner === uidOf('f') && policy.tags !== undefined
        ? { ...policy, enabled: false, updatedAt: instant(2), tags: { ...policy.tags, suspected: 1 } }
        : policy,
    );
    expect(told(diff(wanted, { ...seen, policies }))).toEqual(['enablePolicy']);
  });
});
