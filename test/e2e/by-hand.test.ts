import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { callsSince, isWrite, logPosition } from '../openstack/access-log.ts';
import { namespace, sharedBalancer } from '../support/manifests.ts';
import { ask } from './support/ask.ts';
import { listenerNamed, membersOf, poolNamed } from './support/cloud-objects.ts';
import { addressOf, condition, forward, loadBalancerOf, programmed, route, service } from './support/objects.ts';
import { openWorld, operatorAgent as agent, type World } from './support/world.ts';

/** What people do beside the operator: to its objects in the cloud with a client of their own, and to stop it. */

const shop = 31_301;
let world: World;

const balancerObject = (name: string): readonly string[] => ['sbal', name, '-n', 'edge'];

function balancer(name: string, driftPolicy: 'Repair' | 'Report') {
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP', connectionLimit: 900 }];
  return sharedBalancer({
    namespace: 'edge',
    name,
    spec: { listeners, sync: { interval: '1m', driftPolicy } },
  });
}

function hostRoute(name: string, of: string) {
  const hostnames = [`${name}.example.com`];
  return route(name, { http: { hostnames, rules: [{ name: 'all', action: forward('shop') }] } }, of);
}

beforeAll(async () => {
  world = await openWorld({ echoPorts: [shop] });
  await world.apply(
    ...['edge', 'team-a'].map(namespace),
    service('shop', shop),
    hostRoute('shop', 'public'),
    hostRoute('told', 'told'),
    balancer('public', 'Repair'),
    balancer('told', 'Report'),
  );
  await programmed(world);
}, 3_600_000);

afterAll(() => world?.stop(), 420_000);

async function served(host: string, name = 'public'): Promise<void> {
  const address = await addressOf(world, name);
  await waitFor(`${host} is served`, 240, async () => {
    const { echo } = await ask(world.lab, { address, host: `${host}.example.com` });
    return echo?.port === shop ? true : undefined;
  });
}

/** One change by hand: they too wait for a balancer that is busy. */
async function byHand<T>(loadBalancer: string, change: () => Promise<T>): Promise<T> {
  await active(loadBalancer);
  const done = await change();
  await active(loadBalancer);
  return done;
}

function active(loadBalancer: string): Promise<true> {
  return waitFor('the balancer is ACTIVE', 120, async () =>
    (await world.cloud.octavia.loadBalancers.get(loadBalancer)).provisioning_status === 'ACTIVE' ? true : undefined,
  );
}

/** Answers with the id of the listener. */
async function limitListener(name: string): Promise<string> {
  const loadBalancer = await loadBalancerOf(world, name);
  const { id } = await listenerNamed(world, loadBalancer, `edge/${name}/http`);
  await byHand(loadBalancer, () => world.cloud.octavia.listeners.update(id, { connection_limit: 7 }));
  return id;
}

describe('changed by hand in the cloud', () => {
  let ids: { readonly listener: string; readonly pool: string; readonly reported: string };

  beforeAll(async () => {
    const loadBalancer = await loadBalancerOf(world);
    const pool = await poolNamed(world, loadBalancer, 'team-a/shop/all');
    const members = await membersOf(world, pool.id);
    const listener = await limitListener('public');
    await byHand(loadBalancer, () => world.cloud.octavia.pools.update(pool.id, { lb_algorithm: 'SOURCE_IP' }));
    await byHand(loadBalancer, () => world.cloud.octavia.membersOf(pool.id).remove(members['node-2']?.id ?? ''));
    ids = { listener, pool: pool.id, reported: await limitListener('told') };
  }, 300_000);

  test('a listener is put back', async () => {
    const limit = await waitFor('the listener is put back', 300, async () => {
      const { connection_limit } = await world.cloud.octavia.listeners.get(ids.listener);
      return connection_limit === 7 ? undefined : connection_limit;
    });
    expect(limit).toBe(900);
  }, 400_000);

  test('a pool is put back', async () => {
    const algorithm = await waitFor('the pool is put back', 300, async () => {
      const { lb_algorithm } = await world.cloud.octavia.pools.get(ids.pool);
      return lb_algorithm === 'SOURCE_IP' ? undefined : lb_algorithm;
    });
    expect(algorithm).toBe('ROUND_ROBIN');
  }, 400_000);

  test('a member is put back', async () => {
    const nodes = await waitFor('the member is put back', 300, async () => {
      const names = Object.keys(await membersOf(world, ids.pool));
      return names.includes('node-2') ? names.toSorted() : undefined;
    });
    expect(nodes).toEqual(['node-1', 'node-2', 'node-3']);
  }, 400_000);

  test('with driftPolicy Report it is told and stays, and is put back once the policy is Repair', async () => {
    const said = await waitFor('the drift is told', 300, async () => {
      const text = await condition(world, balancerObject('told'), 'DriftDetected');
      return text === '' ? undefined : text;
    });
    expect(said).toBe('True Drifted');
    const limit = async () => (await world.cloud.octavia.listeners.get(ids.reported)).connection_limit;
    expect(await limit()).toBe(7);
    await served('told', 'told');
    await world.apply(balancer('told', 'Repair'));
    await waitFor('the listener is put back', 300, async () => ((await limit()) === 900 ? true : undefined));
    await waitFor('no drift is told', 300, async () =>
      (await condition(world, balancerObject('told'), 'DriftDetected')) === '' ? true : undefined,
    );
  }, 900_000);
});

test('while a balancer is paused nothing is written for it; afterwards all that waited is', async () => {
  const { kubectl } = world.cluster;
  await kubectl(['annotate', ...balancerObject('public'), 'octopool.dev/paused=true']);
  await waitFor('the pause is told', 120, async () =>
    (await condition(world, balancerObject('public'), 'Paused')) === 'True Paused' ? true : undefined,
  );
  const since = await logPosition(world.lab.accessLog);
  await world.apply(hostRoute('later', 'public'));
  await waitFor('the new route is told', 120, async () =>
    (await condition(world, ['svcr', 'later', '-n', 'team-a'], 'Paused')) === 'True BalancerPaused' ? true : undefined,
  );
  await served('shop');
  expect((await callsSince(world.lab.accessLog, since, agent)).filter(isWrite)).toEqual([]);
  await kubectl(['annotate', ...balancerObject('public'), 'octopool.dev/paused-']);
  await served('later');
}, 600_000);

test('a load balancer that was deleted by hand comes back on its address, and serves', async () => {
  const [address, gone] = await Promise.all([addressOf(world), loadBalancerOf(world)]);
  await active(gone);
  await world.cloud.octavia.loadBalancers.removeCascade(gone);
  await waitFor('there is another one', 300, async () => {
    const id = await loadBalancerOf(world);
    return id === gone || id === '' ? undefined : id;
  });
  await programmed(world);
  expect(await addressOf(world)).toBe(address);
  await served('shop');
}, 900_000);

test('a protected balancer waits with its deletion and serves on, until the protection is taken off', async () => {
  const { kubectl } = world.cluster;
  const protect = (on: boolean) => {
    const patch = JSON.stringify({ spec: { lifecycle: { deletionProtection: on } } });
    return kubectl(['patch', ...balancerObject('told'), '--type=merge', '-p', patch]);
  };
  const id = await loadBalancerOf(world, 'told');
  await protect(true);
  await kubectl(['delete', ...balancerObject('told'), '--wait=false']);
  await waitFor('the deletion waits', 120, async () =>
    (await condition(world, balancerObject('told'), 'Deleting')) === 'True DeletionProtected' ? true : undefined,
  );
  await served('told', 'told');
  await kubectl(['delete', 'svcr', 'told', '-n', 'team-a']);
  await protect(false);
  await waitFor('it is gone', 240, async () => {
    const all = await world.cloud.octavia.loadBalancers.list({});
    return all.some((one) => one.id === id) ? undefined : true;
  });
}, 600_000);
