import { claim } from '../../operator/core/claim/claim.ts';
import { diff } from '../../operator/core/diff/diff.ts';
import { guard } from '../../operator/core/guard/guard.ts';
import { intake } from '../../operator/core/intake/intake.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { Snapshot } from '../../operator/core/model/snapshot.ts';
import type { Claims } from '../../operator/core/model/verdict.ts';
import type { WantedTree } from '../../operator/core/model/wanted.ts';
import type { PassResult } from '../../operator/core/report/pass-result.ts';
import { translate } from '../../operator/core/translate/translate.ts';
import { digest, instant } from './core-fixtures.ts';

/** A pass over a snapshot on a cloud that does all it is asked for, as the report would be told of it. */
export function whole(
  snapshot: Snapshot,
  seen: Seen,
): { readonly claims: Claims; readonly wanted: WantedTree; readonly result: PassResult } {
  const { balancer } = snapshot;
  if (balancer === undefined || 'invalid' in balancer.spec) throw new Error('the world needs a valid balancer');
  const now = instant(30);
  const intents = intake(snapshot, { ...balancer, spec: balancer.spec }, digest);
  const claims = claim({ intents, seen, now, digest });
  const { wanted, verdicts, defaultProblems } = translate({ intents, claims, seen, now, digest });
  const plan = guard(diff(wanted, seen), seen);
  const outcome = { kind: plan.operations.length === 0 ? 'settled' : 'changed' } as const;
  return {
    claims,
    wanted,
    result: {
      snapshot,
      now,
      seen,
      intents,
      claims,
      verdicts,
      plan,
      done: { applied: [], refused: [] },
      outcome,
      heldListeners: [],
      defaultProblems,
      deletion: undefined,
    },
  };
}
