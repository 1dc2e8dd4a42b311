import { join } from 'node:path';
import { established } from '../kubernetes/established.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';

const repository = join(import.meta.dirname, '../..');

/** Installs the custom resources and the rights as they ship, and answers with a kubeconfig of the operator's own account. */
export async function installOctopool(controlPlane: ControlPlane): Promise<string> {
  const base = join(repository, 'deploy/kustomize/base');
  await controlPlane.kubectl(['apply', '--server-side', '-k', join(repository, 'crds')]);
  const crds = ['sharedbalancers', 'serviceroutes'].map((plural) => `${plural}.octopool.dev`);
  await established(controlPlane, crds);
  const files = ['namespace', 'service-account', 'cluster-role', 'lease-role', 'team-roles'].flatMap((name) => [
    '-f',
    join(base, `${name}.yaml`),
  ]);
  await controlPlane.kubectl(['apply', '--server-side', ...files]);
  return controlPlane.serviceAccountKubeconfig('octopool-system', 'octopool-operator');
}
