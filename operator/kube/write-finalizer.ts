import type { BalancerObject } from '../core/model/snapshot.ts';
import { octopoolVersion } from './caches.ts';
import { apiPath, type KubeObject } from './kube-object.ts';
import { hasStatus, type Kube } from './kube-request.ts';

/** Our finalizer on SharedBalancers: what the cloud holds for one is removed before the object goes. */
export const balancerFinalizer = 'octopool.dev/balancer';

/** On a Service that has a balancer of its own it is the one that Kubernetes has for that. */
export const serviceFinalizer = 'service.kubernetes.io/load-balancer-cleanup';

const finalized = {
  SharedBalancer: { apiVersion: octopoolVersion, plural: 'sharedbalancers', finalizer: balancerFinalizer },
  Service: { apiVersion: 'v1', plural: 'services', finalizer: serviceFinalizer },
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
  const { apiVersion, plural, finalizer } = finalized[kind];
  const path = `${apiPath(apiVersion, plural, meta.namespace)}/${meta.name}`;
  for (let tries = 1; ; tries++) {
    try {
      const object = (await kube.json({ method: 'GET', path, signal })) as KubeObject;
      if (object.metadata.uid !== meta.uid) return undefined;
      const before = object.metadata.finalizers ?? [];
      const others = before.filter((one) => one !== finalizer);
      const finalizers = move === 'add' ? [...others, finalizer] : others;
      if (finalizers.length === before.length) return object;
      const { resourceVersion } = object.metadata;
      return (await kube.json({
        method: 'PATCH',
        path,
        contentType: 'application/merge-patch+json',
        body: { metadata: { finalizers, resourceVersion } },
        signal,
      })) as KubeObject;
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      if (!hasStatus(error, 409) || tries === 5) throw error;
    }
  }
}
