import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { freePorts } from '../kubernetes/free-ports.ts';
import { installOctopool } from '../support/install.ts';
import { hostRoute, list, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { registerNode } from '../support/node-objects.ts';
import type { OperatorProcessOptions } from '../support/operator-process.ts';
import { type FakeProcess, startFakeProcess } from './support/fake-process.ts';
import { killedAtEveryWrite } from './support/killed-at-every-write.ts';
import { cleanupFinalizer, dedicated } from './support/plain-services.ts';

/**
 * The operator's process is killed at every single write of a bring-up, once before the cloud sees the write and once when it has done
 * it and its answer is on the way. The next process has to end where one that was never killed ends.
 */

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const hosts = ['one', 'two'];
let cluster: ControlPlane;
let fake: FakeProcess;
let options: OperatorProcessOptions;

beforeAll(async () => {
  cluster = await startControlPlane({ progress });
  fake = await startFakeProcess(cluster.dir);
  const kubeconfig = await installOctopool(cluster);
  await fake.do({ do: 'node-ports', project: 'tenant-a', addresses: ['10.10.0.11', '10.10.0.12'] });
  await registerNode(cluster, { name: 'node-1', ip: '10.10.0.11' });
  await registerNode(cluster, { name: 'node-2', ip: '10.10.0.12' });
  const [port = 0] = await freePorts(1);
  options = {
    dir: cluster.dir,
    kubeconfig,
    cloudsYaml: fake.cloudsYaml,
    cloud: 'tenant-a',
    port,
    flags: ['--no-leader-election'],
  };
  await cluster.kubectl(['apply', '-f', '-'], list([namespace('edge'), namespace('team-a')]));
}, 3_600_000);

afterAll(async () => {
  await fake?.stop();
  await cluster?.stop();
}, 120_000);

async function applyRoutes(): Promise<void> {
  const of = { namespace: 'team-a', balancer: 'public', balancerNamespace: 'edge' };
  const services = hosts.map((name, at) => nodePortService({ namespace: 'team-a', name, nodePort: 30_081 + at }));
  const routes = hosts.map((name) => hostRoute({ ...of, name, host: `${name}.example.com`, service: name }));
  const balancer = sharedBalancer({ namespace: 'edge', name: 'public' });
  await cluster.kubectl(['apply', '-f', '-'], list([...services, ...routes, balancer]));
}

async function routesReady(): Promise<void> {
  await cluster.kubectl(['wait', 'sbal/public', '-n', 'edge', '--for=condition=Ready', '--timeout=240s']);
  await cluster.kubectl(['wait', 'svcr', '--all', '-n', 'team-a', '--for=condition=Ready', '--timeout=240s']);
}

async function removeRoutes(): Promise<void> {
  await cluster.kubectl(['delete', 'svcr', '--all', '-n', 'team-a']);
  await cluster.kubectl(['delete', 'sbal', 'public', '-n', 'edge', '--timeout=240s']);
}

test('killed at every single write of a bring-up, the next process ends in the same tree and leaks nothing', async () => {
  const life = { fake, options, apply: applyRoutes, ready: routesReady, remove: removeRoutes };
  const { writes, whole, ends } = await killedAtEveryWrite(life);
  expect(writes).toBeGreaterThanOrEqual(7);
  expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((name) => [name, whole])));
}, 3_600_000);

const web = ['svc/web', '-n', 'team-a'];

async function applyService(): Promise<void> {
  const ports = [
    { name: 'http', port: 80, nodePort: 30_180 },
    { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30_153 },
  ];
  const spec = { type: 'LoadBalancer', loadBalancerClass: dedicated, ports };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'team-a' }, spec };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(service));
}

async function serviceReady(): Promise<void> {
  await cluster.kubectl(['wait', ...web, '--for=condition=octopool.dev/Programmed', '--timeout=240s']);
  const address = '{.status.loadBalancer.ingress[0].ip}';
  await cluster.kubectl(['wait', ...web, `--for=jsonpath=${address}`, '--timeout=240s']);
  const finalizers = await cluster.kubectl(['get', ...web, '-o', 'jsonpath={.metadata.finalizers}']);
  expect(finalizers).toBe(JSON.stringify([cleanupFinalizer]));
}

async function removeService(): Promise<void> {
  await cluster.kubectl(['delete', ...web, '--timeout=50s']);
}

test('so does one that was bringing up a Service with a load balancer of its own', async () => {
  const life = { fake, options, apply: applyService, ready: serviceReady, remove: removeService };
  const { writes, whole, ends } = await killedAtEveryWrite(life);
  expect(writes).toBeGreaterThanOrEqual(8);
  expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((name) => [name, whole])));
}, 3_600_000);
