import { z } from 'zod';
import type { Uid } from '../core/model/brand.ts';
import { holdsOwnBalancer } from '../core/model/finalizers.ts';
import { foreignStatus } from './foreign-status.ts';
import { apiPath } from './kube-object.ts';
import type { Kube } from './kube-request.ts';
import { wholeList } from './whole-list.ts';

/** A Service whose own load balancer is ours. */
export interface FinalizedService {
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly deleting: boolean;
  /** Where its load balancer answers, as far as it was told. */
  readonly address: string | undefined;
}

const metadataSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string().transform((uid) => uid as Uid),
  finalizers: z.array(z.string()).default([]),
  deletionTimestamp: z.string().optional(),
});

/**
 * Services that hold the finalizer and our sign, by namespace and name. The finalizer alone says nothing: it is that of the cloud
 * provider's service controller too.
 */
export async function finalizedServices(
  kube: Pick<Kube, 'json'>,
  signal: AbortSignal,
): Promise<readonly FinalizedService[]> {
  const { objects } = await wholeList({ kube, path: apiPath('v1', 'services'), pageSize: 500, signal });
  return [...objects.values()].flatMap((object) => {
    const { namespace, name, uid, finalizers, deletionTimestamp } = metadataSchema.parse(object.metadata);
    const { conditions, ingress } = foreignStatus(object, 'has');
    if (!holdsOwnBalancer({ finalizers, conditions })) return [];
    return [{ namespace, name, uid, deleting: deletionTimestamp !== undefined, address: ingress[0]?.ip }];
  });
}
