import { afterEach, expect, test } from '@jest/globals';
import type { Uid } from '../../operator/core/model/brand.ts';
import type { PlacePolicy } from '../../operator/core/model/plain-service.ts';
import { isWrite } from '../fake-openstack/calls.ts';
import { type Manifest, namespace, sharedBalancer } from '../support/manifests.ts';
import { addresses, cleanupFinalizer, dedicated, plainService, shared } from './support/plain-services.ts';
import { providerAgent, type ProviderObjects, providerObjects } from './support/provider-objects.ts';
import { condition, node, smallWorld, type SmallWorld } from './support/small-world.ts';

/** Others work in the same project of the cloud: the cloud provider's service controller, and Octopool of another cluster. */

const left: PlacePolicy = { classless: 'left', defaultBalancer: undefined, defaultInternalBalancer: undefined };
const claiming: PlacePolicy = { ...left, classless: 'claimed' };
const pooled = { 'octopool.dev/balancer': 'edge/public' };
const nodes = ['10.10.0.11', '10.10.0.12'];
const worlds: SmallWorld[] = [];

afterEach(async () => {
  // the one whose cloud the others share is the first
  for (const world of worlds.splice(0).toReversed()) await world.close();
});

async function start(options: Parameters<typeof smallWorld>[0]): Promise<SmallWorld> {
  const world = await smallWorld(options);
  worlds.push(world);
  world.cluster.apply(namespace('edge'), namespace('team-a'));
  return world;
}

/** Writes that name one of these objects, by whoever is not their owner. */
function writesTo(world: SmallWorld, ids: ReadonlySet<string>): readonly string[] {
  return world.fake.calls
    .filter((call) => isWrite(call) && !call.agent.startsWith(providerAgent))
    .filter(({ path }) => path.split('/').some((part) => ids.has(part)))
    .map(({ method, path }) => `${method} ${path}`);
}

/** One after the other, settled after each: everything that Services and a balancer go through. */
async function wholeLife({ cluster, operator }: Pick<SmallWorld, 'cluster' | 'operator'>): Promise<void> {
  const two = [
    { name: 'http', port: 80, nodePort: 30_180 },
    { name: 'https', port: 443, nodePort: 30_181 },
  ];
  const changes: readonly (() => void)[] = [
    () => cluster.apply(sharedBalancer({ namespace: 'edge', name: 'public' })),
    () => cluster.apply(plainService({ name: 'own', loadBalancerClass: dedicated })),
    () => cluster.apply(plainService({ name: 'own', loadBalancerClass: dedicated, ports: two })),
    () =>
      cluster.apply(plainService({ name: 'db', loadBalancerClass: shared, annotations: pooled, ports: two.slice(1) })),
    () => cluster.apply(node('node-2', '10.10.0.99')),
    () => cluster.remove('Node', undefined, 'node-2'),
    () => cluster.apply(plainService({ name: 'own', type: 'ClusterIP' })),
    () => cluster.remove('Service', 'team-a', 'db'),
    () => cluster.apply(plainService({ name: 'again', loadBalancerClass: dedicated })),
    () => cluster.remove('Service', 'team-a', 'again'),
    () => cluster.remove('SharedBalancer', 'edge', 'public'),
  ];
  for (const change of changes) {
    change();
    await operator.settle();
  }
}

function providersService(annotations: Readonly<Record<string, string>> = {}): Manifest {
  const { metadata, ...rest } = plainService({ name: 'web' });
  const status = { loadBalancer: { ingress: [{ ip: '172.24.4.200' }] } };
  return { ...rest, status, metadata: { ...(metadata as object), annotations, finalizers: [cleanupFinalizer] } };
}

function nodePortGroups({ fake }: SmallWorld): readonly (readonly string[])[] {
  const ports = fake.world.neutron.port.all();
  const ofNodes = ports.filter(({ fixed_ips: ips }) => ips.some((ip) => nodes.includes(ip.ip_address)));
  return ofNodes.map((port) => port.security_groups);
}

/** Everything of the cloud provider's, as records. */
function recordsOf({ fake }: SmallWorld, { ids }: ProviderObjects): unknown {
  const { octavia, neutron } = fake.do({ do: 'dump' }) as Record<
    'octavia' | 'neutron',
    Record<string, { id: string }[]>
  >;
  const all = [...Object.values(octavia), ...Object.values(neutron)].flat();
  return structuredClone(all.filter(({ id }) => ids.has(id)));
}

test.each([
  ['without a claim on Services that have no class', left],
  ['with --claim-classless-services', claiming],
] as const)('what the cloud provider serves is not written to, %s', async (_, placePolicy) => {
  const world = await start({ flags: { placePolicy } });
  const { fake, cluster } = world;
  cluster.apply(providersService());
  const web = () => cluster.get('Service', 'team-a', 'web');
  const theirs = await providerObjects(fake, {
    namespace: 'team-a',
    name: 'web',
    uid: web()?.metadata.uid ?? '',
    nodes,
  });
  const before = { service: web(), records: recordsOf(world, theirs) };
  await wholeLife(world);
  await world.restart();
  await world.operator.settle();
  expect({
    service: web(),
    records: recordsOf(world, theirs),
    writes: writesTo(world, theirs.ids),
    onNodes: nodePortGroups(world).map((groups) => groups.filter((id) => id === theirs.group)),
    balancers: fake.world.octavia.tables.loadbalancer.all().map(({ id }) => id),
  }).toEqual({ ...before, writes: [], onNodes: [[theirs.group], [theirs.group]], balancers: [theirs.loadBalancer] });
});

test.each([
  ['claimed', claiming],
  ['left', left],
] as const)(
  'its owner is told once that the cloud provider serves it, where Services without a class are %s and it asks for a balancer',
  async (_, placePolicy) => {
    const world = await start({ flags: { placePolicy } });
    world.cluster.apply(providersService(pooled));
    const before = world.cluster.get('Service', 'team-a', 'web');
    await world.operator.settle();
    await world.operator.settle();
    expect(world.cluster.events.map(({ type, reason, name }) => `${type} ${reason} ${name}`)).toEqual([
      'Warning ForeignController web',
    ]);
    expect(world.cluster.get('Service', 'team-a', 'web')).toEqual(before);
  },
);

test('a Service that the cloud provider serves and that is deleted waits for the cloud provider alone', async () => {
  const world = await start({ flags: { placePolicy: claiming } });
  world.cluster.apply(providersService());
  const uid = world.cluster.get('Service', 'team-a', 'web')?.metadata.uid ?? '';
  const theirs = await providerObjects(world.fake, { namespace: 'team-a', name: 'web', uid, nodes });
  world.cluster.remove('Service', 'team-a', 'web');
  await world.operator.settle();
  expect(writesTo(world, theirs.ids)).toEqual([]);
  expect(world.cluster.get('Service', 'team-a', 'web')?.metadata.finalizers).toEqual([cleanupFinalizer]);
});

test('what --claim-classless-services took is served on when the flag is gone, and followed; it goes by its owner’s word', async () => {
  const world = await start({ flags: { placePolicy: claiming } });
  const { cluster, fake } = world;
  cluster.apply(
    sharedBalancer({ namespace: 'edge', name: 'public' }),
    plainService({ name: 'own' }),
    plainService({ name: 'db', annotations: pooled, ports: [{ port: 443, nodePort: 30_181 }] }),
  );
  await world.operator.settle();
  const before = { told: told(world), tree: fake.do({ do: 'tree' }) };
  await world.restart({ placePolicy: left });
  await world.operator.settle();
  expect({ told: told(world), tree: fake.do({ do: 'tree' }) }).toEqual(before);
  cluster.apply(plainService({ name: 'new' }));
  cluster.apply(plainService({ name: 'own', ports: [{ port: 8080, nodePort: 30_080 }] }));
  await world.operator.settle();
  const ports = () => fake.world.octavia.tables.listener.all().map((one) => one.protocol_port);
  expect(ports().toSorted((a, b) => a - b)).toEqual([80, 443, 8080]);
  cluster.remove('Service', 'team-a', 'own');
  cluster.remove('Service', 'team-a', 'db');
  await world.operator.settle();
  expect({ ports: ports(), balancers: fake.world.octavia.tables.loadbalancer.all().length }).toEqual({
    ports: [80],
    balancers: 1,
  });
});

test('two clusters in one project, equal in every namespace and name, leave each other alone', async () => {
  const one = await start({ flags: { placePolicy: claiming } });
  const uid = 'd2d2d2d2-0000-4000-8000-000000000002' as Uid;
  const other = await start({ flags: { placePolicy: claiming }, beside: { fake: one.fake, uid } });
  // what the other serves all the while
  other.cluster.apply(
    sharedBalancer({ namespace: 'edge', name: 'public' }),
    plainService({ name: 'own', loadBalancerClass: dedicated }),
    plainService({
      name: 'db',
      loadBalancerClass: shared,
      annotations: pooled,
      ports: [{ port: 443, nodePort: 30_181 }],
    }),
  );
  await other.operator.settle();
  const theirs = idsOf(one, uid);
  const before = { told: told(other), records: recordsOf(one, { ids: theirs, group: '', loadBalancer: '' }) };
  const since = one.fake.calls.length;
  await wholeLife(one);
  expect(theirs.size).toBeGreaterThanOrEqual(12);
  const written = one.fake.calls.slice(since).filter((call) => isWrite(call));
  expect({
    writes: written.filter(({ path }) => path.split('/').some((part) => theirs.has(part))),
    told: told(other),
    records: recordsOf(one, { ids: theirs, group: '', loadBalancer: '' }),
  }).toEqual({ writes: [], ...before });
  const after = one.fake.calls.length;
  await other.restart();
  await other.operator.settle();
  expect(one.fake.calls.slice(after).filter((call) => isWrite(call))).toEqual([]);
});

/** All that the tags and descriptions of the cloud say is of this cluster, with what hangs below it; node ports are everybody's. */
function idsOf({ fake }: SmallWorld, cluster: string): ReadonlySet<string> {
  const { octavia, neutron } = fake.do({ do: 'dump' }) as Record<
    'octavia' | 'neutron',
    Record<string, { id: string }[]>
  >;
  const all = [...Object.values(octavia), ...Object.values(neutron)].flat();
  const own = all.filter((record) => JSON.stringify(record).includes(cluster)).map(({ id }) => id);
  const pools = new Set(own);
  const members = (octavia['members'] ?? []).filter((one) => pools.has(String(Reflect.get(one, 'pool_id'))));
  return new Set([...own, ...members.map(({ id }) => id)]);
}

function told({ cluster }: SmallWorld): unknown {
  const services = ['own', 'db'].map((name) => cluster.get('Service', 'team-a', name));
  return {
    addresses: services.map(addresses),
    programmed: services.map((service) => condition(service, 'octopool.dev/Programmed')),
    balancer: condition(cluster.get('SharedBalancer', 'edge', 'public'), 'Ready'),
  };
}
