import { finalizers } from '../core/model/finalizers.ts';
import type { BalancerObject } from '../core/model/snapshot.ts';
import { octopoolVersion } from './caches.ts';
import { apiPath, type KubeObject } from './kube-object.ts';
import { hasStatus, type Kube } from './kube-request.ts';

/** Where the object that a balancer stands for is served. */
const served = {
  SharedBalancer: { apiVersion: octopoolVersion, plural: 'sharedbalancers' },
  Service: { apiVersion: 'v1', plural: 'services' },
} as const;

/**
 * Adds or removes our finalizer and no other's: the object is read, its list is changed, and written back only onto the very
 * version that was read. Answers undefined when the object is gone.
 */
export async function writeFinalizer(
  kube: Pick<Kube, 'json'>,
  {
    kind,
    meta,
  }: {
    readonly kind: BalancerObject['kind'];
    readonly meta: Pick<BalancerObject['meta'], 'namespace' | 'name' | 'uid'>;
  },
  move: 'add' | 'remove',
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const finalizer = finalizers[kind];
  const { apiVersion, plural } = served[kind];
  const path = `${apiPath(apiVersion, plural, meta.namespace)}/${meta.name}`;
  for (let tries = 1; ; tries++) {
    try {
      const object = (await kube.json({ method: 'GET', path, signal })) as KubeObject;
      if (object.metadata.uid !== meta.uid) return undefined;
      const before = object.metadata.finalizers ?? [];
      const others = before.filter((one) => one !== finalizer);
      const after = move === 'add' ? [...others, finalizer] : others;
      if (after.length === before.length) return object;
      const { resourceVersion } = object.metadata;
      return (await kube.json({
        method: 'PATCH',
        path,
        contentType: 'application/merge-patch+json',
        body: { metadata: { finalizers: after, resourceVersion } },
        signal,
      })) as KubeObject;
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      if (!hasStatus(error, 409) || tries === 5) throw error;
    }
  }
}
