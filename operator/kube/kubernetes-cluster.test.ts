import { expect, test } from '@jest/globals';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { balancerName, objectName, type Uid } from '../core/model/brand.ts';
import type { Report, RouteStatus } from '../core/model/report.ts';
import type { BalancerObject } from '../core/model/snapshot.ts';
import type { Logger } from '../telemetry/logger.ts';
import { Caches } from './caches.ts';
import type { KubeObject } from './kube-object.ts';
import { type Kube, KubeError, type KubeRequest } from './kube-request.ts';
import { KubernetesCluster } from './kubernetes-cluster.ts';

const warned: unknown[] = [];
const log: Logger = { debug: () => {}, info: () => {}, warn: (...words) => void warned.push(words), error: () => {} };
const signal = new AbortController().signal;
const path = (name: string): string => `/apis/octopool.dev/v1alpha1/namespaces/team-a/serviceroutes/${name}`;

/** `answers`: by path without /status; undefined: the write succeeds. */
function clusterOver(answers: (request: KubeRequest) => unknown) {
  const asked: string[] = [];
  const kube: Pick<Kube, 'json' | 'stream'> = {
    json: async (request) => {
      asked.push(`${request.method} ${request.path.split('/').slice(-2).join('/').replace('/status', '')}`);
      const answer = answers(request);
      if (answer instanceof Error) throw answer;
      return answer ?? object(request.path.split('/').at(-2) ?? '');
    },
    stream: () => Promise.reject(new Error('nothing is watched here')),
  };
  const clock = new ManualClock();
  const caches = new Caches({
    placeOf: () => ({ kind: 'none' }),
    defaultBalancer: undefined,
    kube,
    clock,
    onWake: () => {},
    onState: () => {},
  });
  const uid = 'c' as Uid;
  return { asked, cluster: new KubernetesCluster({ uid, caches, kube, clock, log, identity: 'test' }) };
}

function object(name: string, uid = `uid-${name}`): KubeObject {
  return { metadata: { name, namespace: 'team-a', uid, resourceVersion: '1', creationTimestamp: '' } };
}

function reportOf(names: readonly string[]): Report {
  const status: RouteStatus = {
    observedGeneration: 1,
    balancer: balancerName('edge', 'public'),
    healthy: '-',
    claims: [],
    rules: [],
    conditions: [],
  };
  const routes = names.map((name) => {
    const uid = `uid-${name}`;
    return { kind: 'ServiceRoute' as const, name: objectName('team-a', name), uid, status };
  });
  return { name: balancerName('edge', 'public'), balancer: undefined, routes, events: [], finalizer: undefined };
}

const many = Array.from({ length: 40 }, (_, at) => `r${String(at).padStart(2, '0')}`);
const no = (status: number | undefined): KubeError =>
  new KubeError({ status, reason: undefined, message: `no ${status}` });

test('a status that is refused keeps no other from being written, and is told when all are', async () => {
  warned.length = 0;
  const { asked, cluster } = clusterOver(({ path: to }) => (to === `${path('r03')}/status` ? no(422) : undefined));
  await expect(cluster.write(reportOf(many), signal)).resolves.toBe('refused');
  expect(warned).toEqual([['status refused', { balancer: 'edge/public', error: 'no 422' }]]);
  expect(asked.toSorted()).toEqual(many.map((name) => `PATCH ${name}`));
});

test.each([undefined, 429, 503])('an API server that answers %s is left alone at once', async (status) => {
  const { asked, cluster } = clusterOver(() => no(status));
  await expect(cluster.write(reportOf(many), signal)).rejects.toThrow(`no ${status}`);
  expect(asked.length).toBeLessThanOrEqual(8);
});

test('a status that is refused for a conflict is tried again later, unless the object was made again', async () => {
  const conflicting = (found: unknown) =>
    clusterOver(({ method }) => (method === 'GET' ? found : no(409))).cluster.write(reportOf(['r03']), signal);
  await expect(conflicting(object('r03'))).resolves.toBe('refused');
  await expect(conflicting(object('r03', 'another'))).resolves.toBe('written');
  await expect(conflicting(no(404))).resolves.toBe('written');
});

test('a balancer is held only where the API server has the one that was decided about', async () => {
  const meta = { namespace: 'edge', name: 'public', uid: 'u1' } as BalancerObject['meta'];
  const held = (found: unknown) =>
    clusterOver(({ method }) => (method === 'GET' ? found : object('public', 'u1'))).cluster.hold(
      { kind: 'SharedBalancer', meta },
      signal,
    );
  expect([await held(object('public', 'u1')), await held(object('public', 'u2')), await held(no(404))]).toEqual([
    'held',
    'gone',
    'gone',
  ]);
});
