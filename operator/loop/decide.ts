import { claim } from '../core/claim/claim.ts';
import { unreadRules } from '../core/diff/unread-rules.ts';
import { intake } from '../core/intake/intake.ts';
import type { Digest, Instant } from '../core/model/brand.ts';
import type { Intents } from '../core/model/intents.ts';
import type { Seen } from '../core/model/seen.ts';
import type { Snapshot } from '../core/model/snapshot.ts';
import type { Claims } from '../core/model/verdict.ts';
import { translate, type Translation } from '../core/translate/translate.ts';
import type { Unseen } from './cloud.ts';
import type { Deps } from './deps.ts';
import { balancerOf, type Readable } from './question.ts';

export interface Decision extends Translation {
  readonly intents: Intents;
  readonly claims: Claims;
}

/** Everything between the read and the diff is pure. */
export function decide(of: {
  readonly snapshot: Snapshot;
  readonly balancer: Readable;
  readonly seen: Seen;
  readonly now: Instant;
  readonly digest: Digest;
}): Decision {
  const { snapshot, balancer, seen, now, digest } = of;
  const intents = intake(snapshot, balancer, digest);
  const claims = claim({ intents, seen, now, digest }); // incumbents first
  return { intents, claims, ...translate({ intents, claims, seen, now, digest }) }; // a user's mistake is a verdict, never a throw
}

/** What becomes known can put more in doubt: what is held decides what others exclude. Deeper it does not go. */
const rounds = 3;

export type Decided =
  | { readonly kind: 'decided'; readonly seen: Seen; readonly now: Instant; readonly decision: Decision }
  | Unseen;

/** Lists show only ids of rules. Where a decision hangs on the rules of some policies, those are read too, and it is made anew; usually of none. */
export async function decideOnRules(of: {
  readonly snapshot: Snapshot;
  readonly balancer: Readable;
  readonly seen: Seen;
  readonly deps: Deps;
  readonly signal: AbortSignal;
}): Promise<Decided> {
  const { snapshot, balancer, deps, signal } = of;
  const now = deps.now();
  const on = (seen: Seen): Decision => decide({ snapshot, balancer, seen, now, digest: deps.digest });
  let { seen } = of;
  let decision = on(seen);
  for (let round = 0; round < rounds; round += 1) {
    const policies = unreadRules(decision.wanted, seen);
    if (policies.length === 0) break;
    const observation = await deps.cloud.observeRules({ balancer: balancerOf(balancer), seen, policies }, signal);
    if (observation.kind === 'unseen') return observation;
    ({ seen } = observation);
    decision = on(seen);
  }
  return { kind: 'decided', seen, now, decision };
}
