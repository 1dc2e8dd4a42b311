import type { Problem } from '../model/reason.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WantedL7 } from './policies.ts';

/** Verdicts of rules that got what they asked for, and yet are not programmed as they ask (api.md §8.2). */
export function limitVerdict(verdict: Verdict, { refused, held }: Pick<WantedL7, 'refused' | 'held'>): Verdict {
  if (verdict.state !== 'Programmed' && verdict.state !== 'Pending') return verdict;
  const isIts = ({ owner, rule }: Pick<Verdict, 'owner' | 'rule'>): boolean =>
    owner === verdict.owner && rule === verdict.rule;
  if (held.some(isIts)) return { ...verdict, state: 'Held', problem: tooMany };
  return refused.some(({ unit }) => isIts(unit)) ? { ...verdict, state: 'Dropped', problem: tooMany } : verdict;
}

/** Names no other route: whose rules they are is not the reader's business. */
const tooMany: Problem = {
  reason: 'UnsupportedValue',
  message:
    'matches: a redirect or rejection would need more than 8 policies of 50 rules to leave more specific rules alone. Give these rules fewer headers and cookies, or the redirect or rejection a narrower path.',
};
