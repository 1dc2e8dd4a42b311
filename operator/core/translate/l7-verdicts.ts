import type { Problem } from '../model/reason.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WantedL7 } from './policies.ts';

/** Verdicts of rules that got what they asked for, and yet are not programmed as they ask (api.md §8.2). */
export function limitVerdicts(
  verdicts: readonly Verdict[],
  l7: Pick<WantedL7, 'refused' | 'held'>,
): readonly Verdict[] {
  const held = new Set(l7.held.map(ruleText));
  const refused = new Set(l7.refused.map(({ unit }) => ruleText(unit)));
  return verdicts.map((verdict) => {
    if (verdict.state !== 'Programmed' && verdict.state !== 'Pending') return verdict;
    if (held.has(ruleText(verdict))) return { ...verdict, state: 'Held', problem: tooMany };
    return refused.has(ruleText(verdict)) ? { ...verdict, state: 'Dropped', problem: tooMany } : verdict;
  });
}

function ruleText({ owner, rule }: Pick<Verdict, 'owner' | 'rule'>): string {
  return `${owner} ${rule}`;
}

/** Names no other route: whose rules they are is not the reader's business. */
const tooMany: Problem = {
  reason: 'UnsupportedValue',
  message:
    'matches: a redirect or rejection would need more than 8 policies of 50 rules to leave more specific rules alone. Give these rules fewer headers and cookies, or the redirect or rejection a narrower path.',
};
