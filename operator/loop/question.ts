import type { CloudId } from '../core/model/brand.ts';
import type { BalancerSpec } from '../core/model/balancer-spec.ts';
import type { BalancerObject, Snapshot } from '../core/model/snapshot.ts';
import { sliceOf } from './clocks.ts';
import type { Question } from './cloud.ts';
import type { Deps } from './deps.ts';

/** A balancer whose spec the schema has read. */
export type Readable = BalancerObject & { readonly spec: BalancerSpec };

/** What a pass asks the cloud about one balancer. */
export function question(snapshot: Snapshot, balancer: Readable, deps: Deps): Question {
  const { uid, namespace, name } = balancer.meta;
  return {
    cluster: snapshot.cluster,
    balancer: { uid, namespace, name, spec: balancer.spec },
    loadBalancerID: balancer.status.loadBalancerID as CloudId | undefined,
    nodeAddresses: snapshot.nodes.flatMap((node) => node.addresses),
    slice: sliceOf(deps, balancer.meta.uid, balancer.spec.sync.interval),
  };
}
