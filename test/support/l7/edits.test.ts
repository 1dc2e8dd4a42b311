import { expect, test } from '@jest/globals';
import { diff } from '../../../operator/core/diff/diff.ts';
import type { Operation } from '../../../operator/core/model/plan.ts';
import type { Seen, SeenPolicy } from '../../../operator/core/model/seen.ts';
import type { WantedTree } from '../../../operator/core/model/wanted.ts';
import { translate } from '../../../operator/core/translate/translate.ts';
import { digest, instant, nothingSeen, programmed } from '../core-fixtures.ts';
import { Dice } from '../dice.ts';
import { answerOf, type Policy, ruleMatches } from './octavia-policies.ts';
import { afterWrite } from './policy-cloud.ts';
import { anyRequest } from './request.ts';
import { anyRuleSet, intentsOf, type Unit } from './rule-set.ts';

/*
 * A rule of which the match or the hostname is edited gets other policies; another action moves it to where HAProxy asks earlier or later.
 * What a request is answered while that is written is asked after every single write.
 */

/** A fresh seed every run, so that every run proves more; a failure names it. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);

/** What each request is answered. */
type Answers = readonly string[];

/** Rules recur, so what one says of all requests is asked once. */
function asker(dice: Dice): (seen: Seen) => Answers {
  const requests = Array.from({ length: 200 }, () => anyRequest(dice));
  const known = new Map<string, readonly boolean[]>();
  const matches = ({ id: _id, ...rule }: NonNullable<SeenPolicy['rules']>[number]): readonly boolean[] => {
    const text = JSON.stringify(rule);
    const found = known.get(text) ?? requests.map((request) => ruleMatches(rule, request));
    known.set(text, found);
    return found;
  };
  return ({ policies }) => {
    const live = policies
      .filter(({ enabled }) => enabled)
      .map(
        (policy): Policy<readonly boolean[]> => ({
          action: classOf(policy),
          answer: policy.redirectUrl ?? policy.redirectPoolId ?? '403',
          rules: (policy.rules ?? []).map(matches),
        }),
      );
    return requests.map((_, at) => answerOf(live, (answers) => answers[at] === true) ?? '503');
  };
}

function classOf({ action }: SeenPolicy): Policy<never>['action'] {
  if (action === 'REJECT') return 'REJECT';
  return action === 'REDIRECT_TO_POOL' ? 'POOL' : 'REDIRECT';
}

/** The unit with another hostname, another match, or both; undefined: another unit has these already. */
function edited(units: readonly Unit[], which: (at: number) => boolean, dice: Dice): readonly Unit[] | undefined {
  const others = anyRuleSet(dice);
  const all = units.map((unit, at): Unit => {
    const other = others[at];
    if (other === undefined || !which(at)) return unit;
    const { hostname, match } = other;
    return { ...unit, ...dice.one([{ hostname }, { match }, { hostname, match }]) };
  });
  return new Set(all.map(({ hostname, match }) => JSON.stringify([hostname, match]))).size < all.length
    ? undefined
    : all;
}

/** The unit with another action. */
function reacted(units: readonly Unit[], which: (at: number) => boolean, dice: Dice): readonly Unit[] {
  const others = {
    Forward: ['Redirect', 'Reject'],
    Redirect: ['Forward', 'Reject'],
    Reject: ['Forward', 'Redirect'],
  } as const;
  return units.map((unit, at) => (which(at) ? { ...unit, action: dice.one(others[unit.action]) } : unit));
}

/** undefined: a unit has no place among the others (api.md §8.2), so that it comes or goes with the edit of another. */
function wantedOf(units: readonly Unit[], seen: Seen): WantedTree | undefined {
  const { wanted, verdicts } = translate({ ...intentsOf(units), seen, now: instant(30), digest });
  return verdicts.some(({ state }) => state === 'Dropped') ? undefined : wanted;
}

interface Edit {
  readonly before: Seen;
  readonly units: readonly Unit[];
  readonly wanted: WantedTree;
  readonly operations: readonly Operation[];
}

/** Whether the plan is carried out whole, or ends after every write, as that of a process that dies, and is made anew. */
type Pace = 'whole' | 'anew';

type Change = (units: readonly Unit[], which: (at: number) => boolean, dice: Dice) => readonly Unit[] | undefined;

function anyEdit(change: Change, which: (at: number) => boolean, dice: Dice): Edit | undefined {
  const first = anyRuleSet(dice);
  const tree = wantedOf(first, nothingSeen);
  const then = change(first, which, dice);
  if (tree === undefined || then === undefined) return undefined;
  const before = programmed(tree);
  const wanted = wantedOf(then, before);
  return wanted === undefined ? undefined : { before, units: then, wanted, operations: diff(wanted, before) };
}

/** What is still to be written. Pools are as they will be. */
function anew({ units, wanted }: Edit, { policies }: Seen): readonly Operation[] {
  const seen = { ...programmed(wanted), policies };
  return diff(wantedOf(units, seen) ?? wanted, seen);
}

/** The first request that is answered something that it must not be, and after which write. */
function astray(edit: Edit, ask: (seen: Seen) => Answers, { may, pace = 'whole' }: Rules): unknown {
  const { before, wanted, operations } = edit;
  const [start, goal] = [ask(before), ask(programmed(wanted))];
  let seen = before;
  let writes = 0;
  let [operation, ...rest] = operations;
  for (; operation !== undefined; [operation, ...rest] = pace === 'whole' ? rest : anew(edit, seen)) {
    seen = afterWrite(seen, operation);
    writes += 1;
    if (writes > operations.length) return { operation, operations, before: before.policies, writes };
    const at = ask(seen).findIndex((is, one) => !may({ is, was: start[one] ?? '', willBe: goal[one] ?? '' }));
    if (at >= 0)
      return { operation, operations, before: before.policies, is: ask(seen)[at], was: start[at], willBe: goal[at] };
  }
  expect(diff(wanted, { ...programmed(wanted), policies: seen.policies })).toEqual([]);
  return undefined;
}

interface Rules {
  readonly may: (answer: { readonly is: string; readonly was: string; readonly willBe: string }) => boolean;
  readonly pace?: Pace;
}

function followed(
  change: Change,
  edits: number,
  which: (dice: Dice) => (at: number) => boolean,
  rules: Rules,
): { readonly made: number; readonly waited: number } {
  const dice = new Dice(seed);
  const ask = asker(dice);
  let [made, waited] = [0, 0];
  for (let count = 0; count < edits; count += 1) {
    const edit = anyEdit(change, which(dice), dice);
    if (edit === undefined) continue;
    expect(astray(edit, ask, rules)).toBeUndefined();
    made += 1;
    if (edit.operations.some((operation) => operation.kind === 'deletePolicy' && operation.after === 'successor'))
      waited += 1;
  }
  return { made, waited };
}

const theFirst = (at: number): boolean => at === 0;
const some = (dice: Dice) => (): boolean => dice.chance(50);

const oldOrNew: Rules['may'] = ({ is, was, willBe }) => is === was || is === willBe;
const steady: Rules['may'] = ({ is, was, willBe }) => was !== willBe || is === was;

test(`one rule is edited: after every write each request has its old answer or its new one (SEED=${seed})`, () => {
  expect(followed(edited, 2000, () => theFirst, { may: oldOrNew }).waited).toBeGreaterThan(1000);
}, 300_000);

test(`one rule gets another action: after every write each request has its old answer or its new one (SEED=${seed})`, () => {
  expect(followed(reacted, 2000, () => theFirst, { may: oldOrNew }).made).toBeGreaterThan(1000);
}, 300_000);

test(`several rules are edited at once: what is answered alike before and after is so after every write (SEED=${seed})`, () => {
  expect(followed(edited, 2000, some, { may: steady }).waited).toBeGreaterThan(1000);
}, 300_000);

test(`the same holds where the plan is made anew after every write, and that costs none more (SEED=${seed})`, () => {
  const pace = 'anew';
  expect(followed(edited, 1000, () => theFirst, { may: oldOrNew, pace }).made).toBeGreaterThan(500);
  expect(followed(reacted, 1000, () => theFirst, { may: oldOrNew, pace }).made).toBeGreaterThan(500);
  expect(followed(edited, 1000, some, { may: steady, pace }).made).toBeGreaterThan(500);
}, 300_000);
