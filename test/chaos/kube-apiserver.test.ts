import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { type OperatorProcess, type OperatorProcessOptions, startOperator } from '../support/operator-process.ts';
import { kubeWorld, type KubeWorld, writesSince } from './support/kube-world.ts';
import { read, routePath } from './support/kube-objects.ts';
import { freshToken } from './support/kubeconfig-through.ts';
import { operatorHealth } from './support/operator-health.ts';
import { listOf, watchOf } from './support/proxy-faults.ts';

/** The operator as a process, on a real kube-apiserver that misbehaves, and a cloud that counts what it is asked for. */

let world: KubeWorld;
let options: OperatorProcessOptions;
let operator: OperatorProcess | undefined;

beforeAll(async () => {
  world = await kubeWorld();
  options = await world.operatorOptions('operator');
}, 3_600_000);

afterEach(() => world.proxy.heal());

afterAll(async () => {
  await operator?.stop();
  await world?.stop();
}, 120_000);

/** What adding one route costs. */
const addition = [
  'POST /v2/lbaas/pools',
  'POST /v2/lbaas/healthmonitors',
  'PUT /v2/lbaas/pools/{id}/members',
  'POST /v2/lbaas/l7policies',
  'POST /v2/lbaas/l7policies/{id}/rules',
];

test('started while the API server is away, it lives, is not ready, and comes up with it', async () => {
  const { proxy, fake, allReady } = world;
  await proxy.away();
  const started = startOperator(options);
  const waiting = await waitFor('it lives', 60, async () => {
    const health = await operatorHealth(options);
    return health.livez === 200 ? health : undefined;
  });
  expect(waiting).toEqual({ livez: 200, readyz: 503, leads: false });
  await proxy.back();
  operator = await started;
  await allReady();
  const balancers = writesSince(fake, 0).filter((write) => write.endsWith('/loadbalancers'));
  expect(balancers).toEqual(['POST /v2/lbaas/loadbalancers']);
}, 200_000);

/** Has it list a kind again, and answers so many of its lists with nothing in them; answers when it watches again. */
async function listedEmpty(plural: string, times: number): Promise<void> {
  const { proxy } = world;
  const empty = proxy.inject({ on: listOf(plural), fault: { kind: 'empty' }, times });
  proxy.inject({ on: watchOf(plural), fault: { kind: 'expire' }, times: 1 });
  proxy.cutWatches(plural);
  await waitFor(`${plural} was listed empty`, 60, async () =>
    empty.hits === times && proxy.openWatches(plural) > 0 ? true : undefined,
  );
}

test.each(['serviceroutes', 'services', 'nodes', 'namespaces'])(
  'a list of %s that comes back empty once changes nothing',
  async (plural) => {
    const { fake, passDone, allReady } = world;
    const position = fake.calls.length;
    await listedEmpty(plural, 1);
    await passDone();
    await allReady();
    expect(writesSince(fake, position)).toEqual([]);
  },
  120_000,
);

test('a list of sharedbalancers that comes back empty once loses none of them', async () => {
  const { fake, addRoute, allReady } = world;
  const position = fake.calls.length;
  await listedEmpty('sharedbalancers', 1);
  await addRoute('known');
  await allReady();
  expect(writesSince(fake, position).toSorted()).toEqual(addition.toSorted());
}, 120_000);

test('nodes that are said to be none, again and again, leave the pools their last members', async () => {
  const { fake, passDone, routeIs, allReady, proxy } = world;
  const position = fake.calls.length;
  await listedEmpty('nodes', 2);
  expect(await routeIs('shop', 'False')).toBe('NoReadyNodes');
  await passDone();
  expect(writesSince(fake, position)).toEqual([]);
  await proxy.heal();
  await listedEmpty('nodes', 0);
  await allReady();
  expect(writesSince(fake, position)).toEqual([]);
}, 200_000);

/** All of the cloud's load balancers, but for the times at which routes first got what they claim. */
function tree(): string {
  return JSON.stringify(world.fake.do({ do: 'tree' })).replaceAll(/claimed=\w+/g, '');
}

test('routes that are said to be none twice are believed gone, and come back with the next list', async () => {
  const { fake, proxy } = world;
  const { pool } = fake.world.octavia.tables;
  const before = tree();
  await listedEmpty('serviceroutes', 2);
  await waitFor('the pools are removed', 60, async () => (pool.all().length === 0 ? true : undefined));
  await proxy.heal();
  await listedEmpty('serviceroutes', 0);
  await waitFor('all is there again', 60, async () => (tree() === before ? true : undefined));
}, 200_000);

test('an API server that is away until the lease is lost ends nothing; what changed meanwhile is worked on once', async () => {
  const { fake, proxy, addRoute, allReady } = world;
  const position = fake.calls.length;
  await proxy.away();
  await addRoute('away');
  await waitFor('it gives up leading', 60, async () => ((await operatorHealth(options)).leads ? undefined : true));
  expect(writesSince(fake, position)).toEqual([]);
  await proxy.back();
  await allReady();
  expect(writesSince(fake, position).toSorted()).toEqual(addition.toSorted());
  expect(await operatorHealth(options)).toEqual({ livez: 200, readyz: 200, leads: true });
}, 200_000);

test('an API server that takes seconds for every answer gets its changes done all the same', async () => {
  const { fake, proxy, addRoute, allReady } = world;
  const position = fake.calls.length;
  proxy.inject({ on: () => true, fault: { kind: 'slow', ms: 2_000 } });
  await addRoute('slow');
  await allReady();
  expect(writesSince(fake, position).toSorted()).toEqual(addition.toSorted());
}, 200_000);

test.each([429, 500, 503])(
  'writes to the API server that are refused with %i are made good, and cost the cloud nothing twice',
  async (status) => {
    const { fake, proxy, addRoute, allReady } = world;
    const position = fake.calls.length;
    const refused = proxy.inject({
      on: ({ verb, plural }) => verb === 'write' && plural !== 'leases',
      fault: { kind: 'refuse', status, retryAfter: 1 },
      times: 2,
    });
    await addRoute(`refused-${status}`);
    await allReady();
    expect(refused.hits).toBe(2);
    expect(writesSince(fake, position).toSorted()).toEqual(addition.toSorted());
  },
  200_000,
);

test('a token that is no longer accepted is replaced by the one that lies in its file by then', async () => {
  const { cluster, proxy, fake, addRoute, allReady } = world;
  const position = fake.calls.length;
  const [old] = proxy.asked.slice(-1).map(({ authorization }) => authorization);
  const refused = proxy.inject({
    on: ({ authorization }) => authorization === old,
    fault: { kind: 'refuse', status: 401, reason: 'Unauthorized' },
  });
  proxy.cutWatches();
  await waitFor('it is refused', 60, async () => (refused.hits > 0 ? true : undefined));
  await writeFile(join(options.dir, 'token'), await freshToken(cluster));
  await addRoute('exchanged');
  await allReady();
  expect(writesSince(fake, position).toSorted()).toEqual(addition.toSorted());
}, 200_000);

test('a route whose status is refused keeps no other from being told, and is told when it may be', async () => {
  const { cluster, proxy, addRoute, routeIs, allReady } = world;
  const refused = proxy.inject({
    on: ({ path }) => path.endsWith('/serviceroutes/outcast/status'),
    fault: { kind: 'refuse', status: 403, reason: 'Forbidden' },
  });
  await addRoute('outcast');
  await addRoute('welcome');
  expect(await routeIs('welcome', 'True')).toBe('Ready');
  await waitFor('it was refused', 60, async () => (refused.hits > 0 ? true : undefined));
  expect((await read(cluster, routePath('outcast'))).status).toBe(undefined);
  refused.end();
  await allReady();
}, 200_000);

test.each([
  ['a year ahead', 365],
  ['a year behind', -365],
])(
  'a clock that is %s changes nothing that is programmed, and hinders no change',
  async (_, days) => {
    const { fake, addRoute, passDone, allReady } = world;
    await operator?.stop();
    const position = fake.calls.length;
    const preload = new URL('support/shifted-clock.ts', import.meta.url).href;
    const env = { NODE_OPTIONS: `--import=${preload}`, CLOCK_SHIFT_MS: String(days * 86_400_000) };
    operator = await startOperator({ ...options, env });
    await passDone();
    await allReady();
    expect(writesSince(fake, position)).toEqual([]);
    await addRoute(`shifted-${days > 0 ? 'ahead' : 'behind'}`);
    await allReady();
    expect(writesSince(fake, position).toSorted()).toEqual(addition.toSorted());
  },
  200_000,
);
