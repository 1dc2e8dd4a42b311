import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hostRoute, list, nodePortService, sharedBalancer } from '../support/manifests.ts';
import { type CrashWorld, crashWorld } from './support/crash-world.ts';
import { killedAtEveryWrite } from './support/killed-at-every-write.ts';

/** Bring-ups of a SharedBalancer and its routes, each with the operator killed at another write. */

let world: CrashWorld;
const kubectl = (args: readonly string[], input?: string) => world.cluster.kubectl(args, input);

beforeAll(async () => {
  world = await crashWorld();
}, 3_600_000);

afterAll(() => world?.stop(), 120_000);

const hosts = ['one', 'two'];

async function applyRoutes(): Promise<void> {
  const of = { namespace: 'team-a', balancer: 'public', balancerNamespace: 'edge' };
  const services = hosts.map((name, at) => nodePortService({ namespace: 'team-a', name, nodePort: 30_081 + at }));
  const routes = hosts.map((name) => hostRoute({ ...of, name, host: `${name}.example.com`, service: name }));
  const balancer = sharedBalancer({ namespace: 'edge', name: 'public' });
  await kubectl(['apply', '-f', '-'], list([...services, ...routes, balancer]));
}

async function routesReady(): Promise<void> {
  await kubectl(['wait', 'sbal/public', '-n', 'edge', '--for=condition=Ready', '--timeout=240s']);
  await kubectl(['wait', 'svcr', '--all', '-n', 'team-a', '--for=condition=Ready', '--timeout=240s']);
}

async function removeRoutes(): Promise<void> {
  await kubectl(['delete', 'svcr', '--all', '-n', 'team-a']);
  await kubectl(['delete', 'sbal', 'public', '-n', 'edge', '--timeout=240s']);
}

test('killed at every single write of a bring-up, the next process ends in the same tree and leaks nothing', async () => {
  const { fake, options } = world;
  const life = { fake, options, apply: applyRoutes, ready: routesReady, remove: removeRoutes };
  const { writes, whole, ends } = await killedAtEveryWrite(life);
  expect(writes).toBeGreaterThanOrEqual(7);
  expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((name) => [name, whole])));
}, 3_600_000);
