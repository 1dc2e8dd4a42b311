import type { Digest } from '../model/brand.ts';
import type { Intents } from '../model/intents.ts';
import type { Seen } from '../model/seen.ts';
import type { Claims, Verdict } from '../model/verdict.ts';
import type { WantedTree } from '../model/wanted.ts';
import { wantedAddress, wantedLoadBalancer } from './load-balancer.ts';
import { frozenObjects } from './frozen.ts';
import { keptListeners, wantedListeners } from './listeners.ts';
import { wantedPolicies } from './policies.ts';
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
  const { pools, monitors } = wantedPools(input);
  const { frozen, frozenMembers } = frozenObjects(input);
  const wanted: WantedTree = {
    loadBalancer: wantedLoadBalancer(input),
    farewell: undefined,
    listeners: wantedListeners(input),
    pools,
    monitors,
    policies: wantedPolicies(input),
    frozen: [...frozen, ...keptListeners(input)],
    frozenMembers,
    address: wantedAddress(input),
  };
  return { wanted, verdicts: input.claims.verdicts.map((verdict) => noReadyNodes(verdict, input)) };
}
