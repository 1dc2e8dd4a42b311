import { expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { type Kube, kubeOver } from './kube-request.ts';

const request = { method: 'GET', path: '/api/v1/nodes', signal: new AbortController().signal, deadline: 50 } as const;

/** A kubeconfig whose credentials come from a program that never ends. */
function kubeOfSilentProgram(): Kube {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'c', server: 'https://127.0.0.1:1', skipTLSVerify: false }, { name: 'u' });
  config.applySecurityAuthentication = () => new Promise(() => {});
  return kubeOver(config);
}

test('credentials that never come are no answer within the deadline, to a request as to a watch', async () => {
  const kube = kubeOfSilentProgram();
  const none = { name: 'KubeError', status: undefined };
  await expect(kube.json(request)).rejects.toMatchObject(none);
  await expect(kube.stream(request)).rejects.toMatchObject(none);
}, 20_000);
