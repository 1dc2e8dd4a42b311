import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dedicatedName } from '../../operator/core/model/brand.ts';
import type { PlacePolicy } from '../../operator/core/model/plain-service.ts';
import { namespace, sharedBalancer } from '../support/manifests.ts';
import { addresses, cleanupFinalizer, plainService, portsTold, shared } from './support/plain-services.ts';
import { condition, messageOf, octaviaWrites, smallWorld, type SmallWorld, writesOf } from './support/small-world.ts';

/** The life of Services that share a load balancer, and of one that moves between sharing and having its own. */

const claiming: PlacePolicy = { classless: 'claimed', defaultBalancer: undefined, defaultInternalBalancer: undefined };
const pooled = { 'octopool.dev/balancer': 'edge/public' };
let world: SmallWorld;

beforeEach(async () => {
  world = await smallWorld({ flags: { placePolicy: claiming } });
  world.cluster.apply(namespace('edge'), namespace('team-a'));
  world.cluster.apply(sharedBalancer({ namespace: 'edge', name: 'public' }));
  await world.operator.settle();
  world.calls();
});
afterEach(async () => world.close());

const service = (name: string) => world.cluster.get('Service', 'team-a', name);

async function apply(...services: readonly Partial<Parameters<typeof plainService>[0]>[]): Promise<void> {
  world.cluster.apply(
    ...services.map((of) =>
      plainService({ name: 'db', loadBalancerClass: shared, annotations: pooled, ports: [postgres], ...of }),
    ),
  );
  await world.operator.settle();
}

const postgres = { name: 'pg', port: 5432, nodePort: 30_432 };

/** `edge/public: TCP 80, TCP 5432`, by load balancer. */
function listeners(): readonly string[] {
  const { loadbalancer, listener } = world.fake.world.octavia.tables;
  return loadbalancer
    .all()
    .map(({ id, name }) => {
      const ports = listener.find('loadbalancer_id', id).map((one) => `${one.protocol} ${one.protocol_port}`);
      return `${name.replace(/\/lb#.*/, '')}: ${ports.toSorted().join(', ')}`;
    })
    .toSorted();
}

test('a port stays with the Service that was told to have it, when the cloud forgot all and another is older', async () => {
  await apply({ name: 'old', ports: [{ name: 'pg', port: 5433, nodePort: 30_433 }] });
  world.fake.advance(60_000);
  await apply({});
  await apply({ name: 'old', ports: [{ name: 'pg', port: 5432, nodePort: 30_433 }] });
  const told = [['TCP 5432'], ['TCP 5432 octopool.dev/PortConflict']];
  expect(['db', 'old'].map((name) => portsTold(service(name)))).toEqual(told);
  world.fake.do({ do: 'remove', kind: 'loadbalancer', id: world.loadBalancer().id });
  await world.restart();
  await world.operator.settle();
  expect(['db', 'old'].map((name) => portsTold(service(name)))).toEqual(told);
});

test('it costs four writes, has no finalizer, and reads the address of its balancer', async () => {
  await apply({});
  expect(octaviaWrites(world.calls())).toEqual([
    'POST /pools',
    'PUT /pools/{id}/members',
    'POST /healthmonitors',
    'POST /listeners',
  ]);
  const [floating] = world.fake.world.neutron.floatingip.all();
  expect({
    finalizers: service('db')?.metadata.finalizers,
    accepted: messageOf(service('db'), 'octopool.dev/Accepted'),
    programmed: condition(service('db'), 'octopool.dev/Programmed'),
    addresses: addresses(service('db')),
  }).toEqual({
    finalizers: undefined,
    accepted: 'served by SharedBalancer edge/public',
    programmed: 'True Programmed',
    addresses: [floating?.floating_ip_address],
  });
});

test('a deleted one loses its listener and pool', async () => {
  await apply({});
  world.calls();
  world.cluster.remove('Service', 'team-a', 'db');
  expect(service('db')).toBeUndefined();
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual(['DELETE /listeners/{id}', 'DELETE /pools/{id}']);
});

test('deleted while no operator runs, it is removed by the next one', async () => {
  await apply({});
  world.cluster.remove('Service', 'team-a', 'db');
  await world.restart();
  world.calls();
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual(['DELETE /listeners/{id}', 'DELETE /pools/{id}']);
});

test('of two that ask for one port the later is told, by condition and port, and the first notices nothing', async () => {
  await apply({});
  const winner = service('db');
  world.calls();
  const both = [
    { ...postgres, nodePort: 30_433 },
    { name: 'admin', port: 5433, nodePort: 30_434 },
  ];
  await apply({ name: 'late', ports: both });
  expect({
    winner: service('db'),
    accepted: condition(service('late'), 'octopool.dev/Accepted'),
    ports: portsTold(service('late')),
    writes: octaviaWrites(world.calls()),
    listeners: listeners(),
  }).toEqual({
    winner,
    accepted: 'False PortConflict',
    ports: ['TCP 5432 octopool.dev/PortConflict', 'TCP 5433'],
    writes: ['POST /pools', 'PUT /pools/{id}/members', 'POST /healthmonitors', 'POST /listeners'],
    listeners: ['edge/public: HTTP 80, TCP 5432, TCP 5433'],
  });
  world.cluster.remove('Service', 'team-a', 'db');
  await world.operator.settle();
  expect({
    accepted: condition(service('late'), 'octopool.dev/Accepted'),
    ports: portsTold(service('late')),
    listeners: listeners(),
  }).toEqual({
    accepted: 'True Accepted',
    ports: ['TCP 5432', 'TCP 5433'],
    listeners: ['edge/public: HTTP 80, TCP 5432, TCP 5433'],
  });
});

test('one that moves into a balancer and out again is served by the new place alone, and told so', async () => {
  const classless = { loadBalancerClass: undefined };
  await apply({ ...classless, annotations: {} });
  const alone = listeners();
  expect(addresses(service('db'))).toHaveLength(1);
  const told: unknown[] = [];
  for (const annotations of [pooled, {}]) {
    await apply({ ...classless, annotations });
    const { statusWrites } = world.cluster;
    await world.operator.settle();
    told.push({
      listeners: listeners(),
      finalizers: service('db')?.metadata.finalizers,
      accepted: messageOf(service('db'), 'octopool.dev/Accepted'),
      programmed: condition(service('db'), 'octopool.dev/Programmed'),
      reachable: reaches(addresses(service('db'))),
      foughtOver: world.cluster.statusWrites - statusWrites,
    });
  }
  expect(told).toEqual([
    {
      listeners: ['edge/public: HTTP 80, TCP 5432'],
      finalizers: [],
      accepted: 'served by SharedBalancer edge/public',
      programmed: 'True Programmed',
      reachable: ['edge/public'],
      foughtOver: 0,
    },
    {
      listeners: alone,
      finalizers: [cleanupFinalizer],
      accepted: 'it has a load balancer of its own',
      programmed: 'True Programmed',
      reachable: ['team-a/service:db'],
      foughtOver: 0,
    },
  ]);
  world.calls();
  await world.restart();
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([]);
});

/** Names of the load balancers that these floating IPs lead to. */
function reaches(ips: readonly (string | undefined)[]): readonly string[] {
  const { octavia, neutron } = world.fake.world;
  return ips.flatMap((ip) => {
    const port = neutron.floatingip.all().find((one) => one.floating_ip_address === ip)?.port_id;
    const found = octavia.tables.loadbalancer.all().find((one) => one.vip_port_id === port);
    return found === undefined ? [] : [found.name.replace(/\/lb#.*/, '')];
  });
}

test('one whose balancer is named no more is told, and its listener goes', async () => {
  await apply({});
  await apply({ annotations: {} });
  expect({ accepted: condition(service('db'), 'octopool.dev/Accepted'), listeners: listeners() }).toEqual({
    accepted: 'False NoBalancer',
    listeners: ['edge/public: HTTP 80'],
  });
  expect(addresses(service('db'))).toEqual([]);
});

test.each([
  ['that does not exist', 'edge/none', 'False BalancerNotFound'],
  ['whose name nobody can read', 'edge/Public!', 'False Invalid'],
])(
  'one that moves to a balancer %s keeps nothing of the old one, its address least of all',
  async (_, named, accepted) => {
    await apply({});
    await apply({ annotations: { 'octopool.dev/balancer': named } });
    expect({
      accepted: condition(service('db'), 'octopool.dev/Accepted'),
      addresses: addresses(service('db')),
      listeners: listeners(),
    }).toEqual({ accepted, addresses: [], listeners: ['edge/public: HTTP 80'] });
  },
);

test.each([
  ['class dedicated', 'octopool.dev/dedicated'],
  ['no class', undefined],
])('one of %s that names a balancer in a way nobody can read keeps its own, and is told once', async (_, className) => {
  const own = { loadBalancerClass: className, annotations: {} };
  await apply(own);
  const before = { addresses: addresses(service('db')), listeners: listeners() };
  world.calls();
  await apply({ ...own, annotations: { 'octopool.dev/balancer': 'edge/Public!' } });
  expect({
    accepted: messageOf(service('db'), 'octopool.dev/Accepted'),
    addresses: addresses(service('db')),
    listeners: listeners(),
    finalizers: service('db')?.metadata.finalizers,
    writes: writesOf(world.calls()),
    warnings: world.cluster.events.filter(({ reason }) => reason === 'Invalid').map(({ name }) => name),
  }).toEqual({
    ...before,
    accepted: 'Annotation octopool.dev/balancer: "edge/Public!" is no name of a SharedBalancer. Write namespace/name.',
    finalizers: [cleanupFinalizer],
    writes: [],
    warnings: ['db'],
  });
  await apply(own);
  expect(condition(service('db'), 'octopool.dev/Accepted')).toBe('True Accepted');
});

test('one that becomes ClusterIP is told nothing any more', async () => {
  await apply({});
  await apply({ type: 'ClusterIP', annotations: {}, loadBalancerClass: undefined });
  expect({ status: service('db')?.['status'], listeners: listeners() }).toEqual({
    status: {},
    listeners: ['edge/public: HTTP 80'],
  });
  await world.operator.pass(dedicatedName('team-a', 'db'));
  expect(service('db')?.['status']).toEqual({});
});
