import type { CloudId } from '../model/brand.ts';
import type { Seen } from '../model/seen.ts';
import type { Operation } from '../model/plan.ts';
import type { WantedTree } from '../model/wanted.ts';
import { diffAddress } from './address.ts';
import { diffFarewell } from './farewell.ts';
import { diffListeners, mustBeReplaced } from './listeners.ts';
import { diffLoadBalancer } from './load-balancer.ts';
import { heal } from './heal.ts';
import { inOrder } from './order.ts';
import { diffPolicies } from './policies.ts';
import { diffMonitors, diffPools } from './pools.ts';
import { suspicion } from './poison.ts';
import { type Circumstances, rescue } from './rescue.ts';
import { seenIndex } from './seen-index.ts';
import { withTheirPools } from './with-their-pools.ts';

/** Wanted × seen → the writes that turn one into the other, in an order that has a reason for every row (order.ts). Equal trees give none. */
export function diff(wanted: WantedTree, seen: Seen, circumstances?: Circumstances): readonly Operation[] {
  if (wanted.farewell !== undefined) return inOrder([...diffFarewell(wanted.farewell, seen)]);
  const surplus: readonly Operation[] = seen.surplus.map((id) => ({
    kind: 'deleteLoadBalancer',
    id,
    why: 'a second, empty balancer with our tags: left by a create whose answer was lost',
    unit: undefined,
  }));
  const balancer = diffLoadBalancer(wanted, seen);
  if (seen.loadBalancer === undefined) return inOrder([...surplus, ...balancer, ...diffAddress(wanted, seen)]);
  const broken =
    circumstances === undefined ? [] : [...rescue(seen, circumstances), ...suspicion(seen, circumstances.toldAgain)];
  if (broken.length > 0) return broken;
  const index = seenIndex(seen, mustBeReplaced(wanted));
  const policies = diffPolicies(wanted, index);
  const changes = [
    ...surplus,
    ...balancer,
    ...diffAddress(wanted, seen),
    ...diffListeners(wanted, index),
    ...diffPools(wanted, index, leaveInTurn(policies)),
    ...diffMonitors(wanted, index),
    ...policies,
  ];
  const healing = heal(wanted, index, changes);
  return [
    // a pool that is not ACTIVE takes neither members nor a monitor
    ...healing.filter(({ kind }) => kind === 'updatePool'),
    ...withTheirPools(inOrder(changes)),
    ...healing.filter(({ kind }) => kind !== 'updatePool'),
  ];
}

/** Policies that point to their pools until others have taken their place. */
function leaveInTurn(operations: readonly Operation[]): ReadonlySet<CloudId> {
  return new Set(
    operations.flatMap((operation) =>
      operation.kind === 'deletePolicy' && operation.after === 'successor' ? [operation.id] : [],
    ),
  );
}
