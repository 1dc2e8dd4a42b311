import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CrashWorld, crashWorld } from './support/crash-world.ts';
import { killedAtEveryWrite } from './support/killed-at-every-write.ts';
import { cleanupFinalizer, dedicated } from './support/plain-services.ts';

/** Bring-ups of a Service with a load balancer of its own, each with the operator killed at another write. */

let world: CrashWorld;
const kubectl = (args: readonly string[], input?: string) => world.cluster.kubectl(args, input);

beforeAll(async () => {
  world = await crashWorld();
}, 3_600_000);

afterAll(() => world?.stop(), 120_000);

const web = ['svc/web', '-n', 'team-a'];

async function applyService(): Promise<void> {
  const ports = [
    { name: 'http', port: 80, nodePort: 30_180 },
    { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30_153 },
  ];
  const spec = { type: 'LoadBalancer', loadBalancerClass: dedicated, ports };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'team-a' }, spec };
  await kubectl(['apply', '-f', '-'], JSON.stringify(service));
}

async function serviceReady(): Promise<void> {
  await kubectl(['wait', ...web, '--for=condition=octopool.dev/Programmed', '--timeout=240s']);
  const address = '{.status.loadBalancer.ingress[0].ip}';
  await kubectl(['wait', ...web, `--for=jsonpath=${address}`, '--timeout=240s']);
  const finalizers = await kubectl(['get', ...web, '-o', 'jsonpath={.metadata.finalizers}']);
  expect(finalizers).toBe(JSON.stringify([cleanupFinalizer]));
}

async function removeService(): Promise<void> {
  await kubectl(['delete', ...web, '--timeout=50s']);
}

test('killed at every single write of a Service with a load balancer of its own, the next process ends in the same tree and leaks nothing', async () => {
  const { fake, options } = world;
  const life = { fake, options, apply: applyService, ready: serviceReady, remove: removeService };
  const { writes, whole, ends } = await killedAtEveryWrite(life);
  expect(writes).toBeGreaterThanOrEqual(8);
  expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((name) => [name, whole])));
}, 3_600_000);
