import { expect, test } from '@jest/globals';
import { diff } from '../../../operator/core/diff/diff.ts';
import type { Seen, SeenPolicy } from '../../../operator/core/model/seen.ts';
import type { WantedTree } from '../../../operator/core/model/wanted.ts';
import { digest, instant, nothingSeen, programmed } from '../core-fixtures.ts';
import { ruleMatches } from './octavia-policies.ts';
import { afterWrite } from './policy-cloud.ts';
import { Dice } from '../dice.ts';
import { anyRequest, type Request } from './request.ts';
import { anyRuleSet, type Unit, wantedOfUnits } from './rule-set.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);

/** Some units stay, some go, some come, some do something else from now on. */
function edited(units: readonly Unit[], dice: Dice): readonly Unit[] {
  const others = anyRuleSet(dice).map((unit) => ({
    ...unit,
    name: `n${unit.name}`,
    source: `ServiceRoute a n${unit.name}`,
  }));
  const kept = units
    .filter(() => dice.chance(70))
    .map((unit) =>
      dice.chance(30) ? { ...unit, action: dice.one(['Forward', 'Redirect', 'Reject'] as const) } : unit,
    );
  const taken = new Set(kept.map(textOf));
  return [...kept, ...others.filter((unit) => !taken.has(textOf(unit)))].slice(0, 7);
}

function textOf({ hostname, match }: Unit): string {
  return JSON.stringify([hostname, match]);
}

function wantedOf(units: readonly Unit[], seen: Seen): WantedTree {
  return wantedOfUnits(units, { seen, now: instant(30), digest });
}

type Answers = readonly boolean[];
/** Rules recur; what one says of all requests is asked once. */
type Memory = Map<string, Answers>;

/** For each policy that is on: its action, and which requests it matches. */
function inForce({ policies }: Seen, requests: readonly Request[], memory: Memory): ReadonlyMap<string, Answers> {
  const live = policies.filter(({ enabled, ruleIds }) => enabled && ruleIds.length > 0);
  return new Map(live.map((policy) => [effectOf(policy), matched(policy, requests, memory)]));
}

function effectOf({ id, action, redirectUrl, redirectPoolId }: SeenPolicy): string {
  return [id, action, redirectUrl ?? redirectPoolId ?? ''].join(' ');
}

function matched({ rules }: SeenPolicy, requests: readonly Request[], memory: Memory): Answers {
  const all = (rules ?? []).map(({ id: _id, ...rule }) => {
    const text = JSON.stringify(rule);
    const answers = memory.get(text) ?? requests.map((request) => ruleMatches(rule, request));
    memory.set(text, answers);
    return answers;
  });
  return requests.map((_, at) => all.every((answers) => answers[at]));
}

test(`between two rule sets no write ever lets a policy match more than before or than wanted (SEED=${seed})`, () => {
  const dice = new Dice(seed);
  const requests = Array.from({ length: 150 }, () => anyRequest(dice));
  const memory: Memory = new Map();
  let inPlace = 0;
  for (let transition = 0; transition < 400; transition += 1) {
    const first = anyRuleSet(dice);
    const before = programmed(wantedOf(first, nothingSeen));
    const wanted = wantedOf(edited(first, dice), before);
    const goal = inForce(programmed(wanted), requests, memory);
    const start = inForce(before, requests, memory);
    let seen = before;
    for (const operation of diff(wanted, before)) {
      seen = afterWrite(seen, operation);
      if (operation.kind === 'deleteRule' || (operation.kind === 'createRule' && 'id' in operation.policy))
        inPlace += 1;
      for (const [effect, requestsNow] of inForce(seen, requests, memory)) {
        const tooMuch = requestsNow.findIndex(
          (matches, at) => matches && start.get(effect)?.[at] !== true && goal.get(effect)?.[at] !== true,
        );
        if (tooMuch >= 0)
          throw new Error(`${effect} matches ${JSON.stringify(requests[tooMuch])} after ${operation.kind}`);
      }
    }
    // and at its end all is as wanted, rules and order, so that nothing is left to write
    expect(diff(wanted, { ...programmed(wanted), policies: seen.policies })).toEqual([]);
    const order = seen.policies.toSorted((a, b) => a.position - b.position).map(({ tags }) => tags?.key);
    expect(order).toEqual(wanted.policyOrder);
  }
  expect(inPlace).toBeGreaterThan(50);
}, 300_000);
