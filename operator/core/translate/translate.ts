import type { Digest } from '../model/brand.ts';
import type { Intents } from '../model/intents.ts';
import type { Seen } from '../model/seen.ts';
import type { Claims, Unit, Verdict } from '../model/verdict.ts';
import type { WantedTree } from '../model/wanted.ts';
import { wantedAddress, wantedLoadBalancer } from './load-balancer.ts';
import { frozenObjects } from './frozen.ts';
import { heldListeners, wantedListeners } from './listeners.ts';
import { limitVerdict } from './l7-verdicts.ts';
import { type WantedL7, wantedL7 } from './policies.ts';
import { wantedPools } from './pools.ts';
import { noReadyNodes } from './members.ts';

export interface TranslateInput {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly digest: Digest;
}

/** Intents and claims of one balancer → the Octavia tree that serves them. A user's mistake is a verdict, never a throw. */
export function translate(input: TranslateInput): {
  readonly wanted: WantedTree;
  readonly verdicts: readonly Verdict[];
} {
  const l7 = wantedL7(input);
  const served = { ...input, claims: servedClaims(input.claims, l7) };
  const { pools, monitors } = wantedPools(served);
  const { frozen, frozenMembers } = frozenObjects(served);
  const wanted: WantedTree = {
    loadBalancer: wantedLoadBalancer(input),
    farewell: undefined,
    listeners: wantedListeners(input),
    pools,
    monitors,
    policies: l7.policies,
    policyOrder: l7.policyOrder,
    frozen: [...frozen, ...heldListeners(input).map((held) => held.key)],
    frozenMembers,
    address: wantedAddress(input),
  };
  const verdicts = input.claims.verdicts.map((verdict) => noReadyNodes(limitVerdict(verdict, l7), input));
  return { wanted, verdicts };
}

/** A refused unit keeps its keys and gets no objects; what stands for a held rule stays as it is. */
function servedClaims(claims: Claims, { refused, held }: WantedL7): Claims {
  if (refused.length === 0 && held.length === 0) return claims;
  const units = new Set<Unit>(refused.map(({ unit }) => unit));
  const rules = new Set(held.map(({ owner, rule }) => `${owner} ${rule}`));
  return {
    ...claims,
    held: claims.held.filter(({ unit }) => !units.has(unit) && !rules.has(`${unit.owner} ${unit.rule}`)),
    frozen: [...claims.frozen, ...held],
  };
}
