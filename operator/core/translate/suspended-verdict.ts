import { readKey } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import { isSuspended } from '../model/suspended.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WantedTree } from '../model/wanted.ts';

/** Rules whose policy is kept off, because no change of the load balancer went through while it was on. */
export function suspendedVerdicts(
  verdicts: readonly Verdict[],
  wanted: Pick<WantedTree, 'policies'>,
  seen: Seen,
): readonly Verdict[] {
  const suspended = seen.policies.filter(isSuspended);
  if (suspended.length === 0) return verdicts;
  const hashes = new Map(wanted.policies.map(({ key, tags }) => [key, tags.hash]));
  const off = new Set(
    suspended.flatMap(({ tags }) => {
      const parts = tags === undefined || hashes.get(tags.key) !== tags.hash ? undefined : readKey(tags.key);
      return parts?.kind === 'policy' ? [`${parts.owner} ${parts.rule}`] : [];
    }),
  );
  return verdicts.map((verdict) =>
    verdict.state === 'Programmed' && off.has(`${verdict.owner} ${verdict.rule}`)
      ? { ...verdict, state: 'Dropped', problem: refused }
      : verdict,
  );
}

const refused: Problem = {
  reason: 'CloudRefused',
  message:
    'matches: the machines of the load balancer did not take this rule, and no other change went through with it, so it is switched off. Change its hostnames or matches; an edit lets it be tried again.',
};
