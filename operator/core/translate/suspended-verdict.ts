import { readKey } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import { isSuspended } from '../model/suspended.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WantedTree } from '../model/wanted.ts';

/** A rule whose policy is kept off, because no change of the load balancer went through while it was on. */
export function suspendedVerdict(verdict: Verdict, wanted: Pick<WantedTree, 'policies'>, seen: Seen): Verdict {
  if (verdict.state !== 'Programmed') return verdict;
  const hashes = new Map(wanted.policies.map(({ key, tags }) => [key, tags.hash]));
  const off = seen.policies.some(({ tags, enabled }) => {
    if (tags === undefined || !isSuspended({ tags, enabled }) || hashes.get(tags.key) !== tags.hash) return false;
    const parts = readKey(tags.key);
    return parts?.kind === 'policy' && parts.owner === verdict.owner && parts.rule === verdict.rule;
  });
  return off ? { ...verdict, state: 'Dropped', problem: refused } : verdict;
}

const refused: Problem = {
  reason: 'CloudRefused',
  message:
    'matches: the machines of the load balancer did not take this rule, and no other change went through with it, so it is switched off. Change its hostnames or matches; an edit lets it be tried again.',
};
