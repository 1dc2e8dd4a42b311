import type { CloudId } from '../model/brand.ts';
import type { Operation, Plan } from '../model/plan.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';

/** Takes out of a plan what we may not do, and says why. The last pure step before anything is written. */
export function guard(operations: readonly Operation[], seen: Seen): Plan {
  const standing = balancerProblem(seen);
  const foreign = foreignIds(seen);
  const kept: Operation[] = [];
  const withheld: { operation: Operation; problem: Problem }[] = [];
  for (const operation of operations) {
    const problem =
      (standing !== undefined && !endsIt(operation) ? standing : undefined) ?? ownerProblem(operation, foreign);
    if (problem === undefined) kept.push(operation);
    else withheld.push({ operation, problem });
  }
  return { operations: kept, withheld };
}

/** In these states Octavia refuses every write but the deletion of the whole. */
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
      message: `Load balancer ${loadBalancer.id} is in ERROR; it may still be serving. Ask the cloud's admin for a failover of it.`,
    };
  return undefined;
}

function endsIt(operation: Operation): boolean {
  return (
    operation.kind === 'deleteLoadBalancer' ||
    operation.kind === 'deleteFloatingIP' ||
    operation.kind === 'deleteVipPort'
  );
}

/** Never by name alone: what does not carry our tags is reported, never touched. */
function ownerProblem(operation: Operation, foreign: ReadonlySet<CloudId>): Problem | undefined {
  if (!('id' in operation) || !foreign.has(operation.id)) return undefined;
  return {
    reason: 'ForeignOwner',
    message: `Object ${operation.id} does not carry the tags of this balancer. It stays as it is.`,
  };
}

function foreignIds(seen: Seen): ReadonlySet<CloudId> {
  const children = [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies].filter(
    (child) => child.tags === undefined,
  );
  const balancer = seen.loadBalancer?.foreignCluster === undefined ? [] : [seen.loadBalancer];
  return new Set([...children, ...balancer].map((object) => object.id));
}
