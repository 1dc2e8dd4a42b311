import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { WantedTree } from '../model/wanted.ts';

/** The wanted tree of a balancer whose object is marked for deletion: nothing, and how to get there. */
export function farewell({ lifecycle, network }: Pick<BalancerSpec, 'lifecycle' | 'network'>): WantedTree {
  const deletionPolicy = lifecycle.deletionPolicy ?? 'Delete';
  const { mode, reclaimPolicy } = network.floatingIP;
  return {
    loadBalancer: undefined,
    // an address that the user brought is the user's; one that we allocated goes unless it is to be kept
    farewell: {
      deletionPolicy,
      floatingIP: mode === 'Existing' || deletionPolicy === 'Retain' ? 'Retain' : reclaimPolicy,
    },
    listeners: [],
    pools: [],
    monitors: [],
    policies: [],
    policyOrder: [],
    covered: [],
    frozen: [],
    frozenMembers: [],
    address: { kind: 'unresolved' },
  };
}
