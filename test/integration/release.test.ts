import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { installOctopool } from '../support/install.ts';
import { list, namespace, sharedBalancer } from '../support/manifests.ts';

/** `octopool release` as a person runs it, with the rights that ship, against a real kube-apiserver. */

const main = join(import.meta.dirname, '../../operator/main.ts');
const ours = 'octopool.dev/balancer';
const others = 'backup.example.com/copy';
let cluster: ControlPlane;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  kubeconfig = await installOctopool(cluster);
  await cluster.kubectl(['apply', '-f', '-'], list(['edge', 'team-a'].map(namespace)));
}, 3_600_000);
afterAll(async () => cluster?.stop(), 60_000);

interface Run {
  readonly status: number | string;
  readonly said: readonly string[];
  readonly complained: string;
}

function release(...args: readonly string[]): Promise<Run> {
  const command = [main, 'release', '--kubeconfig', kubeconfig, ...args];
  const { promise, resolve } = Promise.withResolvers<Run>();
  execFile(process.execPath, command, { timeout: 120_000 }, (error, stdout, stderr) => {
    const said = stdout.split('\n').filter((line) => line !== '');
    resolve({ status: error === null ? 0 : (error.code ?? 'killed'), said, complained: stderr.trim() });
  });
  return promise;
}

async function balancerWith(namespace: string, name: string, finalizers: readonly string[]): Promise<void> {
  const { metadata, ...rest } = sharedBalancer({ namespace, name });
  const manifest = { ...rest, metadata: { ...(metadata as object), finalizers } };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
}

function finalizersLeft(): Promise<string> {
  const columns = 'custom-columns=NS:.metadata.namespace,NAME:.metadata.name,FINALIZERS:.metadata.finalizers';
  return cluster
    .kubectl(['get', 'sbal', '-A', '--no-headers', '-o', columns])
    .then((text) => text.replaceAll(/ +/g, ' ').trim());
}

async function renewLease(): Promise<void> {
  const renewTime = new Date().toISOString().replace('Z', '000Z');
  const spec = { holderIdentity: 'octopool-operator-0_1', leaseDurationSeconds: 10, renewTime };
  const metadata = { name: 'octopool-operator', namespace: 'octopool-system' };
  const manifest = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(manifest));
}

/** What `act` answers while a process is alive. */
async function whileLeading<T>(act: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  await renewLease();
  const renewing = (async () => {
    while (!ended.signal.aborted) {
      await renewLease();
      await pause(500);
    }
  })();
  try {
    return await act();
  } finally {
    ended.abort();
    await renewing;
  }
}

test('our finalizer is taken off everywhere, others stay, an object that was being deleted goes; a second run changes nothing', async () => {
  await balancerWith('edge', 'public', [ours, others]);
  await balancerWith('edge', 'going', [ours]);
  await balancerWith('team-a', 'own', [ours]);
  await cluster.kubectl(['delete', 'sbal', 'going', '-n', 'edge', '--wait=false']);
  expect(await release()).toEqual({
    status: 0,
    said: [
      'there is no Lease in namespace octopool-system; an operator of another namespace is named by --namespace',
      'edge/going: released, and its deletion goes on; it has no load balancer',
      'edge/public: released; it has no load balancer',
      'team-a/own: released; it has no load balancer',
      '3 SharedBalancers and 0 Services with their own load balancer, 3 released, 0 failed',
    ],
    complained: '',
  });
  expect(await finalizersLeft()).toBe(`edge public [${others}]\nteam-a own <none>`);
  expect((await release()).said.slice(1)).toEqual([
    'edge/public: holds no finalizer of Octopool',
    'team-a/own: holds no finalizer of Octopool',
    '2 SharedBalancers and 0 Services with their own load balancer, 0 released, 0 failed',
  ]);
}, 180_000);

const cleanup = 'service.kubernetes.io/load-balancer-cleanup';

/** A Service of type LoadBalancer with this finalizer; `conditions` as a controller wrote them. */
async function serviceWith(name: string, conditions: readonly string[]): Promise<void> {
  const metadata = { name, namespace: 'team-a', finalizers: [cleanup, others] };
  const spec = { type: 'LoadBalancer', ports: [{ port: 80 }] };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec }));
  const told = { status: 'True', reason: 'Accepted', message: '', lastTransitionTime: '2026-11-22T10:00:00Z' };
  const status = {
    loadBalancer: { ingress: [{ ip: '198.51.100.7' }] },
    conditions: conditions.map((type) => ({ type, ...told })),
  };
  const patch = ['patch', 'service', name, '-n', 'team-a', '--subresource=status', '--type=merge', '-p'];
  await cluster.kubectl([...patch, JSON.stringify({ status })]);
}

test('a Service with our sign is let go, one that the cloud provider finalized is not, nor any other finalizer', async () => {
  await serviceWith('ours', ['octopool.dev/Accepted']);
  await serviceWith('theirs', []);
  await serviceWith('theirs-told', ['example.com/Accepted']);
  const { status, said } = await release();
  expect({ status, said: said.filter((line) => line.startsWith('Service ')) }).toEqual({
    status: 0,
    said: ['Service team-a/ours: released; load balancer 198.51.100.7 stays as it is'],
  });
  const columns = 'custom-columns=NAME:.metadata.name,FINALIZERS:.metadata.finalizers';
  const left = await cluster.kubectl(['get', 'svc', '-n', 'team-a', '--no-headers', '-o', columns]);
  expect(left.replaceAll(/ +/g, ' ').trim().split('\n')).toEqual([
    `ours [${others}]`,
    `theirs [${cleanup} ${others}]`,
    `theirs-told [${cleanup} ${others}]`,
  ]);
}, 180_000);

test('while a process renews the Lease it refuses, unless it is forced', async () => {
  await balancerWith('team-a', 'own', [ours]);
  expect(await whileLeading(() => release())).toEqual({
    status: 1,
    said: [],
    complained:
      'octopool: the operator octopool-operator-0_1 runs and would put the finalizers on again; scale its Deployment to 0 first, or use --force.',
  });
  expect(await finalizersLeft()).toContain(`team-a own [${ours}]`);
  expect((await whileLeading(() => release('--force'))).status).toBe(0);
  expect(await finalizersLeft()).toContain('team-a own <none>');
}, 180_000);

test('a holder that died does not stand in the way', async () => {
  await balancerWith('team-a', 'own', [ours]);
  expect((await release()).said).toContain('team-a/own: released; it has no load balancer');
}, 180_000);

test('without the kind there is nothing to release', async () => {
  await cluster.kubectl([
    'patch',
    'sbal',
    'public',
    '-n',
    'edge',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":[]}}',
  ]);
  await cluster.kubectl(['delete', 'crd', 'sharedbalancers.octopool.dev', '--timeout=50s']);
  expect(await release()).toEqual({
    status: 0,
    said: ['0 SharedBalancers and 0 Services with their own load balancer, 0 released, 0 failed'],
    complained: '',
  });
}, 180_000);
