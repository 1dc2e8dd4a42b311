import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { builtOnce } from './built-once.ts';
import type { Progress } from './wait.ts';

export const controlPlanePrograms = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
] as const;
export const nodePrograms = ['kubelet', 'kube-proxy', 'kubectl'] as const;

/** Where Kubernetes' programs are. */
export type KubernetesAssets = {
  /** Folder that holds each program under its own name. */
  readonly bin: string;
  readonly source: 'KUBEBUILDER_ASSETS' | 'cache' | 'built';
};

/**
 * Finds Kubernetes' programs: in `KUBEBUILDER_ASSETS` when all that are needed are there, else in the cache, else it
 * builds them from Go modules (5 to 10 minutes on two cores, once).
 * @throws Error in one sentence when they must be built and this machine cannot.
 */
export async function kubernetesAssets(
  progress: Progress,
  needed: readonly string[] = controlPlanePrograms,
): Promise<KubernetesAssets> {
  const given = process.env['KUBEBUILDER_ASSETS'];
  if (given !== undefined && given !== '') {
    const missing = await missingIn(given, needed);
    if (missing.length === 0) return { bin: given, source: 'KUBEBUILDER_ASSETS' };
    progress(`KUBEBUILDER_ASSETS is passed over: it lacks ${missing.join(', ')}`);
  }
  const sources = join(import.meta.dirname, 'go', 'kubernetes');
  const recipe = {
    name: 'kubernetes',
    sources: [sources],
    script: join(sources, 'build.sh'),
    announcement: 'building Kubernetes from Go modules: once, 5 to 10 minutes on two cores, then from the cache',
    minutes: 60,
    size: 'huge',
  } as const;
  const { dir, source } = await builtOnce(recipe, progress);
  return { bin: dir, source };
}

async function missingIn(dir: string, needed: readonly string[]): Promise<readonly string[]> {
  const checks = needed.map((name) =>
    access(join(dir, name)).then(
      () => undefined,
      () => name,
    ),
  );
  return (await Promise.all(checks)).filter((name) => name !== undefined);
}
