import type { Digest, Instant } from '../model/brand.ts';
import type { Intents } from '../model/intents.ts';
import type { Seen } from '../model/seen.ts';
import type { Claims } from '../model/verdict.ts';
import { admit, restoreHosts } from './admit.ts';
import { asks } from './ask-of-route.ts';
import type { Asks } from './asks.ts';
import { inOrder } from './candidates.ts';
import { evidence, unitKey } from './evidence.ts';
import { Ledger } from './ledger.ts';
import { absentListeners, claimListenerPorts, reserveStandingPorts } from './listener-ports.ts';
import { ruleVerdicts } from './verdicts.ts';
import { conflicts, visibleClaims } from './visible-claims.ts';

export interface ClaimInput {
  readonly intents: Intents;
  readonly seen: Seen;
  readonly now: Instant;
  readonly digest: Digest;
}

/**
 * Who holds which port, hostname and rule (api.md §7.4). Incumbents first: what is programmed, then what a status
 * remembers, then newcomers by age. A pure function of its inputs, whatever their order.
 */
export function claim(input: ClaimInput): Claims {
  const { intents, seen, now, digest } = input;
  const { balancer } = intents;
  const asked = asks(intents, { balancer, seen, proof: evidence(input) });
  const ledger = new Ledger();
  const sorted = inOrder(asked.candidates);
  const admitRank = (rank: 0 | 1 | 2): void => {
    for (const candidate of sorted) if (candidate.rank === rank) admit(candidate, ledger);
  };
  reserveStandingPorts({ ledger, balancer, seen });
  admitRank(0);
  restoreHosts(asked.remembered, ledger);
  admitRank(1);
  const refusals = claimListenerPorts({ ledger, balancer, seen });
  admitRank(2);
  const absent = absentListeners(refusals, seen);
  return {
    held: ledger
      .held(now)
      .filter(({ unit, frozen }) => !frozen && !(unit.kind === 'http' && absent.has(unit.listener)))
      .map(({ unit, claimedAt }) => ({ unit, claimedAt })),
    frozen: asked.frozen,
    evicted: evicted(asked, ledger, digest),
    verdicts: ruleVerdicts({ intents, asks: asked, ledger, absent }),
    claims: visibleClaims({ intents, asks: asked, ledger, now }),
    conflicts: conflicts(ledger),
    refusedListeners: refusals,
  };
}

/** What the admin no longer grants, and what was granted to several and now belongs to an earlier one. */
function evicted({ denied }: Asks, { losers }: Ledger, digest: Digest): readonly string[] {
  const units = [...denied.map(({ unit }) => unit), ...losers.map(({ candidate }) => candidate.unit)];
  return units.flatMap((unit) => (unit.kind === 'http' ? [unitKey(unit, digest)] : [])).toSorted();
}
