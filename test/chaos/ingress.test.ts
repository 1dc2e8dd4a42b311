import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readKey } from '../../operator/core/model/key.ts';
import { hostIngress, ingressClass } from '../support/ingress-manifests.ts';
import { type Manifest, namespace, nodePortService } from '../support/manifests.ts';
import { octaviaWrites, publicBalancer, type SmallWorld, smallWorld, writesOf } from './support/small-world.ts';

/** Ingresses, alone and beside other kinds, on a cloud that counts. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

type Entry = { readonly ip?: string; readonly ports: readonly { readonly port: number; readonly error?: string }[] };

/** `198.51.100.7 80 8080:HostnameConflict`, as the status of an object says. */
function addresses(kind: 'Ingress' | 'Service', namespace: string, name: string): readonly string[] {
  const status = world.cluster.get(kind, namespace, name)?.['status'] as
    | { readonly loadBalancer?: { readonly ingress: readonly Entry[] } }
    | undefined;
  return (status?.loadBalancer?.ingress ?? []).map(({ ip, ports }) =>
    [ip, ...ports.map(({ port, error }) => (error === undefined ? port : `${port}:${error.split('/')[1]}`))].join(' '),
  );
}

function warnings(name: string): readonly string[] {
  return world.cluster.events
    .filter((event) => event.type === 'Warning' && event.name === name)
    .map(({ reason }) => reason);
}

/** How many policies lead somewhere, by the host that they are about. */
function policiesByHost(): ReadonlyMap<string, number> {
  const hosts = world.fake.world.octavia.tables.l7rule
    .all()
    .flatMap(({ type, value }) => (type === 'HOST_NAME' ? [value] : []));
  return new Map([...Map.groupBy(hosts, (host) => host)].map(([host, all]) => [host, all.length]));
}

const teams = Array.from({ length: 10 }, (_, at) => `team-${at}`);

function ingressOf(number: number): readonly Manifest[] {
  const of = { namespace: teams[number % 10] ?? '', name: `web-${number}` };
  const host = `web-${number}.example.com`;
  return [nodePortService({ ...of, nodePort: 30_000 + number }), hostIngress({ ...of, host, paths: { '/': of.name } })];
}

function pooledService(number: number): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `tcp-${number}`,
      namespace: teams[number % 10],
      annotations: { 'octopool.dev/balancer': 'edge/public' },
    },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'octopool.dev/shared',
      selector: { app: `tcp-${number}` },
      ipFamilies: ['IPv4'],
      ports: [{ name: 'tcp', port: 5_000 + number, protocol: 'TCP', nodePort: 31_000 + number }],
    },
  };
}

test('fifty Ingresses and fifty Services of ten namespaces are one create, and a restart writes nothing', async () => {
  const numbers = Array.from({ length: 50 }, (_, at) => at);
  const plenty = { listener: 100, pool: 200, member: 500, healthmonitor: 200, l7policy: 200 };
  world.fake.do({ do: 'quota', project: 'tenant-a', octavia: plenty });
  world.cluster.apply(
    ...teams.map(namespace),
    ingressClass(),
    ...numbers.flatMap(ingressOf),
    ...numbers.map(pooledService),
    ...publicBalancer(),
  );
  await world.operator.settle();
  expect(octaviaWrites(world.calls())).toEqual(['POST /loadbalancers']);
  const [address] = addresses('Ingress', 'team-0', 'web-0');
  expect(address).toMatch(/^[0-9.]+ 80$/);
  const told = numbers.flatMap((number) => [
    addresses('Ingress', teams[number % 10] ?? '', `web-${number}`),
    addresses('Service', teams[number % 10] ?? '', `tcp-${number}`).map((one) =>
      one.replace(` ${5_000 + number}`, ' 80'),
    ),
  ]);
  expect(told).toEqual(told.map(() => [address]));
  expect(world.cluster.events.filter(({ type }) => type === 'Warning')).toEqual([]);

  const statuses = world.cluster.statusWrites;
  const events = world.cluster.events.length;
  await world.restart();
  await world.operator.settle();
  expect(writesOf(world.calls())).toEqual([]);
  expect([world.cluster.statusWrites, world.cluster.events.length]).toEqual([statuses, events]);
}, 300_000);

const shop = (of: {
  readonly namespace: string;
  readonly name: string;
  readonly paths: Readonly<Record<string, string>>;
}) => hostIngress({ ...of, host: 'shop.example.com', finalizers: ['example.com/backup'] });

function twoTeams(): readonly Manifest[] {
  return [
    ...['team-a', 'team-b'].map(namespace),
    ingressClass(),
    ...['team-a', 'team-b'].map((team, at) => nodePortService({ namespace: team, name: 'web', nodePort: 30_001 + at })),
    ...publicBalancer(),
  ];
}

test('the second namespace waits for a host until the first one’s Ingress is marked for deletion, whatever still holds that', async () => {
  world.cluster.apply(...twoTeams(), shop({ namespace: 'team-a', name: 'first', paths: { '/': 'web' } }));
  await world.operator.settle();
  world.cluster.apply(shop({ namespace: 'team-b', name: 'second', paths: { '/': 'web' } }));
  await world.operator.settle();
  expect(addresses('Ingress', 'team-b', 'second')).toEqual([expect.stringMatching(/ 80:HostnameConflict$/)]);
  expect(warnings('public')).toEqual(['HostnameConflict']);
  const owners = () =>
    world.fake.world.octavia.tables.l7policy.all().map(({ tags }) => {
      const parts = readKey(
        tags.find((tag) => tag.startsWith('octopool.dev/key='))?.slice('octopool.dev/key='.length) ?? '',
      );
      return parts?.kind === 'policy' ? parts.owner : undefined;
    });
  const uid = (team: string, name: string) => world.cluster.get('Ingress', team, name)?.metadata.uid;
  expect(owners()).toEqual([uid('team-a', 'first')]);

  world.cluster.remove('Ingress', 'team-a', 'first');
  expect(world.cluster.get('Ingress', 'team-a', 'first')).toBeDefined();
  await world.operator.settle();
  expect(owners()).toEqual([uid('team-b', 'second')]);
  expect(addresses('Ingress', 'team-b', 'second')).toEqual([expect.stringMatching(/ 80$/)]);
});

test('Ingresses of one namespace are merged path by path, and either goes alone', async () => {
  world.cluster.apply(
    ...twoTeams(),
    hostIngress({ namespace: 'team-a', name: 'front', host: 'shop.example.com', paths: { '/': 'web' } }),
    hostIngress({ namespace: 'team-a', name: 'api', host: 'shop.example.com', paths: { '/api': 'web', '/v2': 'web' } }),
  );
  await world.operator.settle();
  const host = String.raw`^shop\.example\.com(:[0-9]+)?$`;
  expect(policiesByHost()).toEqual(new Map([[host, 3]]));
  world.cluster.remove('Ingress', 'team-a', 'front');
  await world.operator.settle();
  expect(policiesByHost()).toEqual(new Map([[host, 2]]));
  expect(warnings('api')).toEqual([]);
});

test('when the cloud forgot all, addresses in statuses give hosts back to whoever had them', async () => {
  world.cluster.apply(...twoTeams(), shop({ namespace: 'team-b', name: 'holder', paths: { '/': 'web' } }));
  await world.operator.settle();
  const before = addresses('Ingress', 'team-b', 'holder');
  // first by age and by name, but nothing was ever served for it
  const { metadata, ...rest } = shop({ namespace: 'team-a', name: 'a-thief', paths: { '/': 'web' } });
  world.cluster.apply({ ...rest, metadata: { ...(metadata as object), creationTimestamp: '2020-01-01T00:00:00Z' } });
  world.fake.do({ do: 'remove', kind: 'loadbalancer', id: world.loadBalancer().id });
  await world.restart();
  await world.operator.settle();
  expect(addresses('Ingress', 'team-b', 'holder')).toEqual(before);
  expect(addresses('Ingress', 'team-a', 'a-thief')).toEqual([expect.stringMatching(/ 80:HostnameConflict$/)]);
});

test('an address survives a cloud that cannot be read, and a restart meanwhile', async () => {
  world.cluster.apply(...twoTeams(), shop({ namespace: 'team-a', name: 'first', paths: { '/': 'web' } }));
  await world.operator.settle();
  const before = addresses('Ingress', 'team-a', 'first');
  await world.restart();
  const action = { kind: 'answer', status: 503 } as const;
  const fault = world.fake.fault({ service: 'octavia', method: 'GET', times: 0, action });
  await world.operator.pass('edge/public' as never);
  expect(fault.struck).toBeGreaterThan(0);
  expect([before.length, addresses('Ingress', 'team-a', 'first')]).toEqual([1, before]);
  fault.disarm();
  await world.operator.settle();
  expect(addresses('Ingress', 'team-a', 'first')).toEqual(before);
});
