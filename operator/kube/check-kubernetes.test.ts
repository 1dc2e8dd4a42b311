import { expect, test } from '@jest/globals';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { waitForKubernetes } from './check-kubernetes.ts';
import { type Kube, KubeError } from './kube-request.ts';

const answers: Readonly<Record<string, unknown>> = {
  '/version': { major: '1', minor: '35', gitVersion: 'v1.35.4' },
  '/apis/octopool.dev/v1alpha1': { resources: [{ name: 'sharedbalancers' }, { name: 'serviceroutes' }] },
  '/api/v1/namespaces/kube-system': { metadata: { uid: 'c1' } },
};

function waiting(failures: readonly (number | undefined)[]) {
  const left = [...failures];
  const kube: Kube = {
    server: 'https://apiserver',
    json: async ({ path }) => {
      if (left.length === 0) return answers[path];
      const status = left.shift();
      throw new KubeError({ status, reason: undefined, message: `GET ${path}: ${status ?? 'no answer'}` });
    },
    stream: () => Promise.reject(new Error('nothing is watched here')),
  };
  const [clock, told, stop] = [new ManualClock(), [] as string[], new AbortController()];
  const onPassing = (problem: string): void => void told.push(problem);
  return { clock, told, stop, end: waitForKubernetes({ kube, clock, onPassing, stop: stop.signal }) };
}

test('an API server that is away, starting or overburdened is waited for, and each try is told', async () => {
  const { clock, told, end } = waiting([undefined, 500, 429, 503]);
  await clock.advance(60_000);
  expect(await end).toEqual({ kind: 'usable', clusterUid: 'c1' });
  expect(told).toEqual([
    'GET /version: no answer. Check the kubeconfig and whether the API server runs.',
    'GET /version: 500',
    'GET /version: 429',
    'GET /version: 503',
  ]);
});

test('what only a person can mend ends the waiting with cause and fix', async () => {
  const { end } = waiting([401]);
  expect(await end).toEqual({
    kind: 'setting',
    problem: 'The API server at https://apiserver does not accept these credentials (401). Check the kubeconfig.',
  });
});

test('a stop ends the waiting', async () => {
  const { clock, stop, end } = waiting(Array.from({ length: 100 }, () => undefined));
  await clock.advance(5_000);
  stop.abort();
  expect(await end).toBe(undefined);
});

test('a cluster without the custom resources is told by a command that installs them', async () => {
  const missing = { ...answers, '/apis/octopool.dev/v1alpha1': { resources: [] } };
  const kube: Kube = {
    server: 'https://apiserver',
    json: async ({ path }) => missing[path as keyof typeof missing],
    stream: () => Promise.reject(new Error('nothing is watched here')),
  };
  const clock = new ManualClock();
  const end = waitForKubernetes({ kube, clock, onPassing: () => undefined, stop: new AbortController().signal });
  expect(await end).toEqual({
    kind: 'setting',
    problem:
      'The API server does not know sharedbalancers.octopool.dev. Install the custom resources first: kubectl apply --server-side -k crds',
  });
});
