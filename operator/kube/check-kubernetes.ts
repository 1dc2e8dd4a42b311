import { z } from 'zod';
import type { Uid } from '../core/model/brand.ts';
import { octopoolVersion } from './caches.ts';
import { hasStatus, KubeError, type Kube } from './kube-request.ts';

export type Checked = { readonly clusterUid: Uid } | { readonly problem: string };

const versionSchema = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });
const groupSchema = z.object({ resources: z.array(z.object({ name: z.string() })) });
const namespaceSchema = z.object({ metadata: z.object({ uid: z.string().min(1) }) });

/** At start: whether this is a Kubernetes that the operator can work on; else cause and fix in a sentence. */
export async function checkKubernetes(kube: Kube, signal: AbortSignal): Promise<Checked> {
  try {
    const get = (path: string): Promise<unknown> => kube.json({ method: 'GET', path, signal });
    const { major, minor, gitVersion } = versionSchema.parse(await get('/version'));
    if (Number(major) === 1 && Number.parseInt(minor, 10) < 31)
      return {
        problem: `Kubernetes ${gitVersion} is too old: 1.31 or newer is needed (selectable fields of custom resources).`,
      };
    const missing = await missingResource(get);
    if (missing !== undefined)
      return {
        problem: `The API server does not know ${missing}.octopool.dev. Install the custom resources first: kubectl apply -f crds/`,
      };
    const { metadata } = namespaceSchema.parse(await get('/api/v1/namespaces/kube-system'));
    return { clusterUid: metadata.uid as Uid };
  } catch (error) {
    if (error instanceof KubeError) return { problem: refusal(error, kube.server) };
    throw error;
  }
}

async function missingResource(get: (path: string) => Promise<unknown>): Promise<string | undefined> {
  const wanted = ['sharedbalancers', 'serviceroutes'];
  try {
    const { resources } = groupSchema.parse(await get(`/apis/${octopoolVersion}`));
    return wanted.find((name) => !resources.some((resource) => resource.name === name));
  } catch (error) {
    if (hasStatus(error, 404)) return wanted[0];
    throw error;
  }
}

function refusal(error: KubeError, server: string): string {
  if (error.status === undefined) return `${error.message}. Check the kubeconfig and whether the API server runs.`;
  if (error.status === 401)
    return `The API server at ${server} does not accept these credentials (401). Check the kubeconfig.`;
  if (error.status === 403)
    return `${error.message}. Install the RBAC that ships with Octopool: kubectl apply -k deploy/kustomize/base`;
  return error.message;
}
