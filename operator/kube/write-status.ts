import { apiPath, type KubeObject } from './kube-object.ts';
import { hasStatus, type Kube } from './kube-request.ts';
import { octopoolVersion } from './caches.ts';
import { fieldManagers } from './field-managers.ts';

/** The kinds whose status is ours, or of whose status a part is. */
const plurals = {
  SharedBalancer: 'sharedbalancers',
  ServiceRoute: 'serviceroutes',
  Service: 'services',
  Ingress: 'ingresses',
} as const;

export type ToldKind = keyof typeof plurals;

export const apiVersions: Readonly<Record<ToldKind, string>> = {
  SharedBalancer: octopoolVersion,
  ServiceRoute: octopoolVersion,
  Service: 'v1',
  Ingress: 'networking.k8s.io/v1',
};

export interface StatusOf {
  readonly kind: ToldKind;
  readonly namespace: string;
  readonly name: string;
  /** The object that was decided about; one that was made again under its name since is left alone. */
  readonly uid: string;
  readonly status: unknown;
  /** nodes: what the pass over the nodes says, which stands beside what the pass over a balancer does. */
  readonly part?: 'nodes';
}

/** By server-side apply: what others wrote into the status stays. Answers undefined when the object is gone. */
export async function writeStatus(
  kube: Pick<Kube, 'json'>,
  { kind, namespace, name, uid, status, part }: StatusOf,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const apiVersion = apiVersions[kind];
  try {
    const answer = await kube.json({
      method: 'PATCH',
      path: `${apiPath(apiVersion, plurals[kind], namespace)}/${name}/status`,
      query: { fieldManager: fieldManagers[part ?? kind], force: true },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion, kind, metadata: { name, namespace, uid }, status },
      signal,
    });
    return answer as KubeObject;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    // 409: made again, so that the uid is another's; or others wrote so often that the API server gave up
    if (hasStatus(error, 409) && !(await isThere(kube, { kind, namespace, name, uid }, signal))) return undefined;
    throw error;
  }
}

async function isThere(
  kube: Pick<Kube, 'json'>,
  { kind, namespace, name, uid }: Omit<StatusOf, 'status' | 'part'>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const path = `${apiPath(apiVersions[kind], plurals[kind], namespace)}/${name}`;
    const object = (await kube.json({ method: 'GET', path, signal })) as KubeObject;
    return object.metadata.uid === uid;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}
