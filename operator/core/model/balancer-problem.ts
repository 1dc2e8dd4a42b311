import type { Problem } from './reason.ts';
import type { Seen } from './seen.ts';

/** In these states Octavia refuses every write but the deletion of the whole and a failover. */
export function balancerProblem({ loadBalancer }: Seen): Problem | undefined {
  if (loadBalancer === undefined) return undefined;
  if (loadBalancer.foreignCluster !== undefined)
    return {
      reason: 'ForeignOwner',
      message: `The load balancer is tagged by cluster ${loadBalancer.foreignCluster.slice(0, 8)}. Name another one, or take its tags off there.`,
    };
  if (loadBalancer.provisioningStatus === 'ERROR')
    return {
      reason: 'ProvisioningError',
      message: `Load balancer ${loadBalancer.id} is in ERROR; it may still be serving. After ten minutes a failover is asked for and, where sync.driftPolicy and lifecycle.deletionProtection let it, it is made again on its address. The cloud's admin can mend it before.`,
    };
  return undefined;
}
