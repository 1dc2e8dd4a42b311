import type { CloudId } from '../core/model/brand.ts';
import type { BalancerSpec } from '../core/model/balancer-spec.ts';
import type { BalancerObject, Snapshot } from '../core/model/snapshot.ts';
import { sliceOf } from './clocks.ts';
import type { Question } from './cloud.ts';
import type { Deps } from './deps.ts';

/** A balancer whose spec the schema has read. */
export type Readable = BalancerObject & { readonly spec: BalancerSpec };

/** Whose load balancer a call to the cloud is about. */
export function balancerOf({ meta, spec }: Readable): Question['balancer'] {
  const { uid, namespace, name } = meta;
  return { uid, namespace, name, spec };
}

/** What a pass asks the cloud about one balancer. */
export function question(snapshot: Snapshot, balancer: Readable, deps: Deps): Question {
  return {
    cluster: snapshot.cluster,
    balancer: balancerOf(balancer),
    loadBalancerID: balancer.status.loadBalancerID as CloudId | undefined,
    recordedAddress: balancer.kind === 'Service' ? balancer.status.address : undefined,
    nodeAddresses: snapshot.nodes.flatMap((node) => node.addresses),
    slice: sliceOf(deps, balancer.meta.uid, balancer.spec.sync.interval),
  };
}
