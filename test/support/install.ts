import { join } from 'node:path';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';

const repository = join(import.meta.dirname, '../..');

/** Installs the custom resources and the rights as they ship, and answers with a kubeconfig of the operator's own account. */
export async function installOctopool(controlPlane: ControlPlane): Promise<string> {
  const base = join(repository, 'deploy/kustomize/base');
  await controlPlane.kubectl(['apply', '--server-side', '-k', join(repository, 'crds')]);
  const crds = ['sharedbalancers', 'serviceroutes'].map((plural) => `crd/${plural}.octopool.dev`);
  await controlPlane.kubectl(['wait', '--for=condition=Established', '--timeout=50s', ...crds]);
  const files = ['namespace', 'service-account', 'cluster-role', 'lease-role', 'team-roles'].flatMap((name) => [
    '-f',
    join(base, `${name}.yaml`),
  ]);
  await controlPlane.kubectl(['apply', '--server-side', ...files]);
  return controlPlane.serviceAccountKubeconfig('octopool-system', 'octopool-operator');
}
