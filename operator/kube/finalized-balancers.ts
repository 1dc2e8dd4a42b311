import { z } from 'zod';
import type { Uid } from '../core/model/brand.ts';
import { finalizers } from '../core/model/finalizers.ts';
import { octopoolVersion } from './caches.ts';
import { apiPath } from './kube-object.ts';
import { hasStatus, type Kube } from './kube-request.ts';

/** A SharedBalancer as far as its finalizer and what it stands for are concerned; its spec may be one that we do not understand. */
export interface FinalizedBalancer {
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly holdsFinalizer: boolean;
  readonly deleting: boolean;
  readonly loadBalancer: string | undefined;
}

const listSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        namespace: z.string(),
        name: z.string(),
        uid: z.string().transform((uid) => uid as Uid),
        finalizers: z.array(z.string()).default([]),
        deletionTimestamp: z.string().optional(),
      }),
      status: z.object({ loadBalancerID: z.string().optional() }).optional(),
    }),
  ),
});

/** Every SharedBalancer of the cluster by namespace and name; none where the API server does not know the kind. */
export async function finalizedBalancers(
  kube: Pick<Kube, 'json'>,
  signal: AbortSignal,
): Promise<readonly FinalizedBalancer[]> {
  try {
    const answer = await kube.json({ method: 'GET', path: apiPath(octopoolVersion, 'sharedbalancers'), signal });
    return listSchema.parse(answer).items.map(({ metadata, status }) => ({
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      holdsFinalizer: metadata.finalizers.includes(finalizers.SharedBalancer),
      deleting: metadata.deletionTimestamp !== undefined,
      loadBalancer: status?.loadBalancerID,
    }));
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}
