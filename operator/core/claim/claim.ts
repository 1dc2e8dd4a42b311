import type { Digest, Instant } from '../model/brand.ts';
import type { Intents } from '../model/intents.ts';
import type { Seen } from '../model/seen.ts';
import type { Claims } from '../model/verdict.ts';
import { admit } from './admit.ts';
import { type Candidate, candidates } from './candidates.ts';
import { evidence } from './evidence.ts';
import { Ledger } from './ledger.ts';
import { refusedListeners, reservePorts } from './listener-ports.ts';
import { frozenRules, ruleVerdicts, visibleClaims } from './verdicts.ts';

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
  const { intents, seen, now } = input;
  const proof = evidence(input);
  const { all, refused } = candidates(intents, proof);
  const ledger = new Ledger();
  const refusals = refusedListeners(intents.balancer, proof);
  reservePorts({ ledger, balancer: intents.balancer, refusals, seen });
  for (const candidate of inOrder(all)) admit(candidate, ledger);
  const held = ledger.held(now);
  return {
    held: held.filter(({ frozen }) => !frozen).map(({ unit, claimedAt }) => ({ unit, claimedAt })),
    frozen: frozenRules(intents, proof),
    verdicts: ruleVerdicts({ intents, refused, ledger, proof }),
    claims: visibleClaims({ intents, ledger, now }),
    refusedListeners: refusals,
  };
}

/** Programmed before remembered before new; within each the earlier claim, then the UID; newcomers by age, then by name. */
function inOrder(all: readonly Candidate[]): readonly Candidate[] {
  return all.toSorted((a, b) => a.rank - b.rank || a.since - b.since || compare(a.order, b.order));
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [at, text] of a.entries()) {
    const other = b[at] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}
