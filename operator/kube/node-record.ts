import type { IpAddress, Uid } from '../core/model/brand.ts';
import type { NodeObject } from '../core/model/snapshot.ts';
import { ipAddress } from './ip-address.ts';
import type { KubeObject } from './kube-object.ts';

/** v1 Node → whether and where it can be a member. Heartbeats, images and capacity leave it equal. */
export function nodeRecord(object: KubeObject): NodeObject {
  const { name, uid, labels = {}, deletionTimestamp } = object.metadata;
  const { taints = [] } = (object['spec'] ?? {}) as NodeSpec;
  const status = (object['status'] ?? {}) as NodeStatus;
  return {
    name,
    uid: uid as Uid,
    addresses: internalAddresses(status),
    labels,
    ready: (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    leaving:
      deletionTimestamp !== undefined || excludedLabel in labels || taints.some(({ key }) => key === removalTaint),
  };
}

const excludedLabel = 'node.kubernetes.io/exclude-from-external-load-balancers';
const removalTaint = 'ToBeDeletedByClusterAutoscaler';

function internalAddresses({ addresses = [] }: NodeStatus): readonly IpAddress[] {
  return addresses.flatMap(({ type, address }) => (type === 'InternalIP' ? (ipAddress(address) ?? []) : []));
}

/** core/v1, as far as it is read; the API server has checked it. */
interface NodeSpec {
  readonly taints?: readonly { readonly key: string }[];
}

interface NodeStatus {
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}
