import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dedicatedName } from '../../operator/core/model/brand.ts';
import {
  addresses,
  cleanupFinalizer,
  dedicated,
  plainService,
  portsTold,
  type ServicePort,
  teamWorld,
  webOf,
} from './support/plain-services.ts';
import { condition, octaviaWrites, type SmallWorld, writesOf } from './support/small-world.ts';

/** The life of a Service that has a load balancer of its own. */

const internal = { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' };
const own = dedicatedName('team-a', 'web');
let world: SmallWorld;

beforeEach(async () => {
  world = await teamWorld();
});
afterEach(async () => world.close());

const web = () => webOf(world);

/** `publicly`: with a floating IP. */
async function apply(of: Partial<Parameters<typeof plainService>[0]> = {}): Promise<void> {
  world.cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated, ...of }));
  await world.operator.settle();
}

/** What there is of ours in the cloud, the nodes' group and their own ports aside. */
function inCloud() {
  const { octavia, neutron } = world.fake.world;
  const { loadbalancer, listener, pool } = octavia.tables;
  return {
    loadBalancers: loadbalancer.all().length,
    listeners: listener
      .all()
      .map(({ protocol, protocol_port: port }) => `${protocol} ${port}`)
      .toSorted(),
    pools: pool.all().length,
    vipPorts: neutron.port.all().filter(({ description }) => description.startsWith('octopool cluster=')).length,
    floatingIPs: neutron.floatingip.all().length,
  };
}

const served = { loadBalancers: 1, listeners: ['TCP 80'], pools: 1, vipPorts: 1, floatingIPs: 1 };
const nothing = { loadBalancers: 0, listeners: [], pools: 0, vipPorts: 0, floatingIPs: 0 };

test('its bring-up is a port, one POST and a floating IP, and all is told', async () => {
  await apply();
  expect(writesOf(world.calls()).slice(0, 3)).toEqual(['POST /ports', 'POST /loadbalancers', 'POST /floatingips']);
  expect(inCloud()).toEqual(served);
  const [floating] = world.fake.world.neutron.floatingip.all();
  expect({
    finalizers: web()?.metadata.finalizers,
    conditions: ['Accepted', 'ResolvedRefs', 'Programmed'].map((type) => condition(web(), `octopool.dev/${type}`)),
    addresses: addresses(web()),
    ports: portsTold(web()),
    events: world.cluster.events.map(({ type, reason }) => `${type} ${reason}`),
  }).toEqual({
    finalizers: [cleanupFinalizer],
    conditions: ['True Accepted', 'True ResolvedRefs', 'True Programmed'],
    addresses: [floating?.floating_ip_address],
    ports: ['TCP 80'],
    events: ['Normal Attached'],
  });
});

test('a restart writes nothing, to the cloud or to the Service, and reads six lists', async () => {
  await apply();
  world.calls();
  const { statusWrites } = world.cluster;
  await world.restart();
  await world.operator.pass(own);
  const calls = world.calls().filter(({ service }) => service === 'octavia');
  expect(calls.length).toBeLessThanOrEqual(6);
  await world.operator.settle();
  expect({ writes: writesOf([...calls, ...world.calls()]), statusWrites: world.cluster.statusWrites }).toEqual({
    writes: [],
    statusWrites,
  });
});

test('an internal one has no floating IP, and can be made public and internal again on the same load balancer', async () => {
  await apply({ annotations: internal });
  const { id, vip_address: vip } = world.loadBalancer();
  expect({ ...inCloud(), told: addresses(web()) }).toEqual({ ...served, floatingIPs: 0, told: [vip] });
  await apply();
  const [floating] = world.fake.world.neutron.floatingip.all();
  expect({ ...inCloud(), told: addresses(web()) }).toEqual({ ...served, told: [floating?.floating_ip_address] });
  await apply({ annotations: internal });
  expect({ ...inCloud(), told: addresses(web()) }).toEqual({ ...served, floatingIPs: 0, told: [vip] });
  expect(world.loadBalancer().id).toBe(id);
});

test('its ports come, go and change protocol one by one', async () => {
  const http: ServicePort = { name: 'http', port: 80, nodePort: 30_080 };
  const tls: ServicePort = { name: 'https', port: 443, nodePort: 30_443 };
  const dns: ServicePort = { name: 'dns', port: 53, nodePort: 30_053 };
  await apply({ ports: [http] });
  const told: unknown[] = [];
  const steps: readonly (readonly ServicePort[])[] = [
    [http, tls],
    [http, tls, dns],
    [http, tls, { ...dns, protocol: 'UDP' }],
    [http, tls, { ...dns, protocol: 'UDP' }, { ...dns, name: 'dns-tcp' }],
    [tls],
  ];
  for (const ports of steps) {
    world.calls();
    await apply({ ports });
    told.push({ listeners: inCloud().listeners, ports: portsTold(web()), writes: octaviaWrites(world.calls()) });
  }
  const added = ['POST /pools', 'PUT /pools/{id}/members', 'POST /healthmonitors', 'POST /listeners'];
  const removed = ['DELETE /listeners/{id}', 'DELETE /pools/{id}'];
  expect(told).toEqual([
    { listeners: ['TCP 443', 'TCP 80'], ports: ['TCP 80', 'TCP 443'], writes: added },
    { listeners: ['TCP 443', 'TCP 53', 'TCP 80'], ports: ['TCP 80', 'TCP 443', 'TCP 53'], writes: added },
    {
      listeners: ['TCP 443', 'TCP 80', 'UDP 53'],
      ports: ['TCP 80', 'TCP 443', 'UDP 53'],
      writes: [...removed, ...added],
    },
    {
      listeners: ['TCP 443', 'TCP 53', 'TCP 80', 'UDP 53'],
      ports: ['TCP 80', 'TCP 443', 'UDP 53', 'TCP 53'],
      writes: added,
    },
    {
      listeners: ['TCP 443'],
      ports: ['TCP 443'],
      // nothing may point to a pool that goes
      writes: [...Array.from({ length: 3 }, () => removed[0]), ...Array.from({ length: 3 }, () => removed[1])],
    },
  ]);
});

test.each(['ClusterIP', 'NodePort'] as const)(
  'one that becomes %s loses its load balancer, port, floating IP, then finalizer, conditions and addresses',
  async (type) => {
    await apply();
    world.cluster.apply(plainService({ name: 'web', type }));
    world.fake.fault({ service: 'octavia', method: 'DELETE', times: 1, action: { kind: 'answer', status: 503 } });
    await world.operator.pass(own);
    expect({ ...inCloud(), finalizers: web()?.metadata.finalizers }).toEqual({
      ...served,
      finalizers: [cleanupFinalizer],
    });
    await world.operator.settle();
    expect({ ...inCloud(), finalizers: web()?.metadata.finalizers, status: web()?.['status'] }).toEqual({
      ...nothing,
      finalizers: [],
      status: {},
    });
  },
);

test('one that becomes ClusterIP and LoadBalancer again is served again', async () => {
  await apply();
  await apply({ type: 'ClusterIP', loadBalancerClass: undefined });
  await apply();
  const [floating] = world.fake.world.neutron.floatingip.all();
  expect({ ...inCloud(), told: addresses(web()) }).toEqual({ ...served, told: [floating?.floating_ip_address] });
});

test('a deleted one is held by its finalizer until all is gone', async () => {
  await apply();
  world.cluster.remove('Service', 'team-a', 'web');
  const seen: unknown[] = [];
  for (const path of ['/loadbalancers/', '/floatingips/', '/ports/']) {
    world.fake.fault({ method: 'DELETE', path, times: 1, action: { kind: 'answer', status: 503 } });
    await world.operator.pass(own);
    seen.push({ path, finalizers: web()?.metadata.finalizers });
    world.fake.clearFaults();
  }
  expect(seen).toEqual(
    ['/loadbalancers/', '/floatingips/', '/ports/'].map((path) => ({ path, finalizers: [cleanupFinalizer] })),
  );
  await world.operator.settle();
  expect({ ...inCloud(), service: web() }).toEqual({ ...nothing, service: undefined });
});

test('deleted while no operator runs, it is removed by the next one', async () => {
  await apply();
  world.cluster.remove('Service', 'team-a', 'web');
  await world.restart();
  await world.operator.settle();
  expect({ ...inCloud(), service: web() }).toEqual({ ...nothing, service: undefined });
});

test('one that was released and is found by a new installation keeps its load balancer, and nothing is written to it', async () => {
  await apply();
  const { finalizers, ...metadata } = web()?.metadata ?? {};
  world.cluster.apply({
    ...plainService({ name: 'web', loadBalancerClass: dedicated }),
    metadata: { ...metadata, finalizers: [] },
  });
  world.calls();
  await world.restart();
  await world.operator.settle();
  expect({ writes: writesOf(world.calls()), finalizers: web()?.metadata.finalizers }).toEqual({
    writes: [],
    finalizers,
  });
});

test('one that is deleted before anything was made for it goes at once, and nothing is made', async () => {
  world.cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated }));
  world.cluster.remove('Service', 'team-a', 'web');
  await world.operator.settle();
  expect(writesOf(world.calls()).filter((write) => write.includes('loadbalancers'))).toEqual([]);
});

test('a load balancer that was deleted by hand is made again at the same addresses', async () => {
  await apply();
  const before = addresses(web());
  const { id } = world.loadBalancer();
  world.fake.do({ do: 'remove', kind: 'loadbalancer', id });
  await world.operator.settle();
  expect({ ...inCloud(), told: addresses(web()) }).toEqual({ ...served, told: before });
  expect(world.loadBalancer().id).not.toBe(id);
});

/** Brought up and taken away again by processes of which one dies at that write to Kubernetes. `died`: whether there was such a write. */
async function lifeWithDeath(
  at: number,
  when: 'before' | 'after',
): Promise<{ readonly died: boolean; readonly end: unknown }> {
  const { cluster } = world;
  const [write, hold] = [cluster.write.bind(cluster), cluster.hold.bind(cluster)];
  const state = { writes: 0, died: false };
  const dying = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    state.writes += 1;
    const dies = state.writes === at;
    state.died ||= dies;
    if (dies && when === 'before') throw new Error('died before a write');
    const answer = await work();
    if (dies) throw new Error('died after a write');
    return answer;
  };
  cluster.write = (report) => dying(() => write(report));
  cluster.hold = (balancer) => dying(() => hold(balancer));
  const settle = async (): Promise<void> => {
    const diedBefore = state.died;
    await world.operator.settle().catch(async (error: unknown) => {
      if (state.died === diedBefore) throw error;
      await world.restart();
      await world.operator.settle();
    });
  };
  cluster.apply(plainService({ name: 'web', loadBalancerClass: dedicated }));
  await settle();
  expect(inCloud()).toEqual(served);
  cluster.apply(plainService({ name: 'web', type: 'ClusterIP' }));
  await settle();
  await settle(); // the finalizer that went is a change of the object, which wakes its key
  cluster.write = write;
  cluster.hold = hold;
  const end = { ...inCloud(), finalizers: web()?.metadata.finalizers, status: web()?.['status'] };
  cluster.remove('Service', 'team-a', 'web');
  return { died: state.died, end };
}

test('a process that dies at any write to Kubernetes, before it or after, is followed by one that ends where no one died', async () => {
  const end = { ...nothing, finalizers: [], status: {} };
  let at = 1;
  for (; at < 50; at += 1) {
    const lives = [await lifeWithDeath(at, 'before'), await lifeWithDeath(at, 'after')];
    const died = lives.some((life) => life.died);
    expect(lives).toEqual([
      { died, end },
      { died, end },
    ]);
    if (!died) break;
  }
  // the sign, the finalizer, what is told, and all of it taken away again
  expect(at).toBeGreaterThan(5);
  expect(at).toBeLessThan(50);
});

test('a list without its load balancer, of which only an address is recorded, is asked for once more before another is made', async () => {
  await apply();
  world.calls();
  const action = { kind: 'answer', status: 200, body: { loadbalancers: [] } } as const;
  const empty = world.fake.fault({ service: 'octavia', method: 'GET', path: '/loadbalancers$', action });
  await world.operator.settle();
  expect([empty.struck, writesOf(world.calls()), inCloud()]).toEqual([1, [], served]);
});
