import { expect, test } from '@jest/globals';
import type { RuleBody } from '../../../operator/core/model/body.ts';
import type { WantedPolicy } from '../../../operator/core/model/wanted.ts';
import { translate } from '../../../operator/core/translate/translate.ts';
import { digest, instant, nothingSeen } from '../core-fixtures.ts';
import { belongs, inPrecedence } from './first-match.ts';
import { answerOf, type Policy, ruleMatches } from './octavia-policies.ts';
import { Dice } from '../dice.ts';
import { anyRequest, type Request } from './request.ts';
import { anyRuleSet, intentsOf, targetOf, type Unit } from './rule-set.ts';

const blocks = 20;
const setsPerBlock = 1000;
const requestsPerBlock = 252;

/** What a thing says of each request of a block; things recur, so each is asked once. */
type Answers = readonly boolean[];

function memory<Thing>(requests: readonly Request[], ask: (thing: Thing, request: Request) => boolean) {
  const known = new Map<string, Answers>();
  return (thing: Thing): Answers => {
    const name = JSON.stringify(thing);
    const answers = known.get(name) ?? requests.map((request) => ask(thing, request));
    known.set(name, answers);
    return answers;
  };
}

function asOctavia({ action, ...policy }: WantedPolicy, answersOf: (rule: RuleBody) => Answers): Policy<Answers> {
  const rules = policy.rules.map(answersOf);
  switch (action.type) {
    case 'Reject':
      return { action: 'REJECT', answer: '403', rules };
    case 'Redirect':
      return { action: 'REDIRECT', answer: 'url' in action ? action.url : action.prefix, rules };
    case 'Forward':
      return { action: 'POOL', answer: action.pool, rules };
  }
}

function promised({ action, name }: Unit): string {
  if (action === 'Reject') return '403';
  return action === 'Redirect' ? targetOf(name) : `pool/uid-${name}/${name}`;
}

/** A fresh seed every run, so that every run proves more; a failure names it. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);

test(`20,000 random rule sets: what Octavia answers is what the first match says (SEED=${seed})`, () => {
  const dice = new Dice(seed);
  const found = { differences: [] as unknown[], refused: 0, mostPolicies: 0, mostRules: 0 };
  for (let block = 0; block < blocks; block += 1) {
    const requests = Array.from({ length: requestsPerBlock }, () => anyRequest(dice));
    const rule = memory<RuleBody>(requests, ruleMatches);
    const asked = memory<Pick<Unit, 'hostname' | 'match'>>(requests, belongs);
    for (let set = 0; set < setsPerBlock; set += 1) {
      const units = anyRuleSet(dice);
      const { wanted, verdicts } = translate({ ...intentsOf(units), seen: nothingSeen, now: instant(0), digest });
      const dropped = new Set(verdicts.filter(({ state }) => state === 'Dropped').map((verdict) => verdict.rule));
      const served = inPrecedence(units.filter(({ name }) => !dropped.has(name))).map((unit) => ({
        answer: promised(unit),
        answers: asked({ hostname: unit.hostname, match: unit.match }),
      }));
      const policies = wanted.policies.map((policy) => asOctavia(policy, rule));
      found.refused += dropped.size;
      const perRule = new Map<string, number>();
      for (const { tags } of wanted.policies) perRule.set(tags.owner ?? '', (perRule.get(tags.owner ?? '') ?? 0) + 1);
      found.mostPolicies = Math.max(found.mostPolicies, ...perRule.values());
      found.mostRules = Math.max(found.mostRules, ...policies.map(({ rules }) => rules.length));
      for (const at of requests.keys()) {
        const should = served.find(({ answers }) => answers[at])?.answer;
        const is = answerOf(policies, (answers) => answers[at] === true);
        if (is !== should)
          found.differences.push({ request: requests[at], should, is, units, policies: wanted.policies });
      }
    }
  }
  expect({ differences: found.differences.slice(0, 1), count: found.differences.length }).toEqual({
    differences: [],
    count: 0,
  });
  // the sets are rich enough to reach the limit, and it is kept
  expect(found.refused).toBeGreaterThan(50);
  expect(found.mostPolicies).toBe(8);
  expect(found.mostRules).toBeLessThanOrEqual(50);
}, 600_000);
