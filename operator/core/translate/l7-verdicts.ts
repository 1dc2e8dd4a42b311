import type { Problem } from '../model/reason.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WantedL7 } from './policies.ts';

/** Verdicts of rules that got what they asked for, and yet are not programmed as they ask (api.md §8.2). */
export function limitVerdicts(
  verdicts: readonly Verdict[],
  l7: Pick<WantedL7, 'refused' | 'held' | 'shadowed'>,
): readonly Verdict[] {
  const held = new Set(l7.held.map(ruleText));
  const refused = new Set(l7.refused.map(({ unit }) => ruleText(unit)));
  const behind = new Set(l7.shadowed.map(ruleText));
  return verdicts.map((verdict) => {
    if (verdict.state !== 'Programmed' && verdict.state !== 'Pending') return verdict;
    if (held.has(ruleText(verdict))) return { ...verdict, state: 'Held', problem: tooMany };
    if (refused.has(ruleText(verdict))) return { ...verdict, state: 'Dropped', problem: tooMany };
    const waits = verdict.problem === undefined && behind.has(ruleText(verdict));
    return waits ? { ...verdict, state: 'Pending', problem: answeredByHeld } : verdict;
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

const answeredByHeld: Problem = {
  reason: 'Pending',
  message:
    'Requests for it are answered by a more general redirect or rejection of the balancer that is held as it is for now. It takes effect by itself once that one is put right.',
};
