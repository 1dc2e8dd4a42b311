import { z } from 'zod';
import type { Uid } from '../core/model/brand.ts';
import { octopoolVersion } from './caches.ts';
import { backoff, type Clock, pause } from './clock.ts';
import { hasStatus, KubeError, type Kube } from './kube-request.ts';

export type Checked =
  | { readonly kind: 'usable'; readonly clusterUid: Uid }
  /** Only a person can mend it. */
  | { readonly kind: 'setting'; readonly problem: string }
  /** An API server that is away, overburdened or just starting. */
  | { readonly kind: 'passing'; readonly problem: string };

const versionSchema = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });
const groupSchema = z.object({ resources: z.array(z.object({ name: z.string() })) });
const namespaceSchema = z.object({ metadata: z.object({ uid: z.string().min(1) }) });

/**
 * Waits for an API server that is away, telling so at every try; ends when it answers, or with `stop`. Ending the process instead
 * would leave it to the kubelet, whose waits grow to five minutes.
 */
export async function waitForKubernetes(of: {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly onPassing: (problem: string) => void;
  readonly stop: AbortSignal;
}): Promise<Exclude<Checked, { kind: 'passing' }> | undefined> {
  const { kube, clock, onPassing, stop } = of;
  for (let failures = 1; !stop.aborted; failures += 1) {
    const checked = await checkKubernetes(kube, stop);
    if (checked.kind !== 'passing') return checked;
    onPassing(checked.problem);
    await pause(clock, backoff(failures, { baseMs: 1_000, capMs: 10_000 }, clock), stop);
  }
  return undefined;
}

/** At start: whether this is a Kubernetes that the operator can work on; else cause and fix in a sentence. */
export async function checkKubernetes(kube: Kube, signal: AbortSignal): Promise<Checked> {
  try {
    const get = (path: string): Promise<unknown> => kube.json({ method: 'GET', path, signal });
    const { major, minor, gitVersion } = versionSchema.parse(await get('/version'));
    if (Number(major) === 1 && Number.parseInt(minor, 10) < 31)
      return {
        kind: 'setting',
        problem: `Kubernetes ${gitVersion} is too old: 1.31 or newer is needed (selectable fields of custom resources).`,
      };
    const missing = await missingResource(get);
    if (missing !== undefined)
      return {
        kind: 'setting',
        problem: `The API server does not know ${missing}.octopool.dev. Install the custom resources first: kubectl apply --server-side -k crds`,
      };
    const { metadata } = namespaceSchema.parse(await get('/api/v1/namespaces/kube-system'));
    return { kind: 'usable', clusterUid: metadata.uid as Uid };
  } catch (error) {
    if (signal.aborted) return { kind: 'passing', problem: 'asked to stop before the API server answered' };
    if (!(error instanceof KubeError)) throw error;
    const passing = error.status === undefined || error.status === 429 || error.status >= 500;
    const problem = refusal(error, kube.server);
    return passing ? { kind: 'passing', problem } : { kind: 'setting', problem };
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
