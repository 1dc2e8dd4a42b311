import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Manifest, namespace, sharedBalancer } from '../support/manifests.ts';
import { condition, type SmallWorld, smallWorld, writesOf } from './support/small-world.ts';

/** What annotations of Services come to in a cloud that refuses what OpenStack refuses. */

let world: SmallWorld;
beforeEach(async () => {
  world = await smallWorld();
});
afterEach(() => world.close());

const occm = 'loadbalancer.openstack.org';
const internal = 'service.beta.kubernetes.io/openstack-internal-load-balancer';

function service(annotations: Readonly<Record<string, string>>, spec: Manifest = {}): Manifest {
  const ports = [{ name: 'http', port: 80, nodePort: 30_080, protocol: 'TCP' }];
  return {
    kind: 'Service',
    metadata: { name: 'web', namespace: 'team-a', annotations },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'octopool.dev/dedicated', ports, ...spec },
  };
}

async function serve(...objects: readonly Manifest[]): Promise<void> {
  world.cluster.apply(namespace('edge'), namespace('team-a'), ...objects);
  await world.operator.settle();
}

const web = () => world.cluster.get('Service', 'team-a', 'web');
const addresses = (): unknown => (web()?.['status'] as { loadBalancer?: unknown } | undefined)?.loadBalancer;
const { stringify } = JSON;
const neutron = () => world.fake.world.neutron;

function subnetNamed(name: string): string {
  const found = neutron()
    .subnet.all()
    .find((one) => one.name === name);
  if (found === undefined) throw new Error(`no subnet ${name}`);
  return found.id;
}

test('an internal one stands in its subnet at its address, and cannot be moved', async () => {
  const subnet = subnetNamed('tenant-a-subnet');
  const annotations = { [internal]: 'true', [`${occm}/subnet-id`]: subnet };
  await serve(service(annotations, { loadBalancerIP: '10.10.0.77' }));
  const { vip_address, vip_subnet_id } = world.loadBalancer();
  expect({ vip_address, vip_subnet_id }).toEqual({ vip_address: '10.10.0.77', vip_subnet_id: subnet });
  expect(neutron().floatingip.all()).toEqual([]);
  expect(addresses()).toEqual({
    ingress: [{ ip: '10.10.0.77', ipMode: 'VIP', ports: [{ port: 80, protocol: 'TCP' }] }],
  });
  world.calls();
  await serve(
    service({ ...annotations, [`${occm}/subnet-id`]: subnetNamed('public-subnet') }, { loadBalancerIP: '10.10.0.77' }),
  );
  expect(condition(web(), 'octopool.dev/Accepted')).toContain('ImmutableField');
  expect(writesOf(world.calls())).toEqual([]);
});

test('a public one takes its floating IP where its pattern says, and leaves it behind', async () => {
  const annotations = { [`${occm}/floating-subnet`]: 'pub*', [`${occm}/keep-floatingip`]: 'true' };
  await serve(service(annotations));
  const [floating, ...others] = neutron().floatingip.all();
  expect(others).toEqual([]);
  expect(stringify(addresses())).toContain(floating?.floating_ip_address ?? 'an address');
  world.cluster.remove('Service', 'team-a', 'web');
  await world.operator.settle();
  expect(web()).toBeUndefined();
  expect(world.fake.world.octavia.tables.loadbalancer.all()).toEqual([]);
  expect(
    neutron()
      .floatingip.all()
      .map(({ floating_ip_address }) => floating_ip_address),
  ).toEqual([floating?.floating_ip_address]);
});

test('a pattern that fits no subnet is told, and one that is no pattern makes nothing', async () => {
  await serve(service({ [`${occm}/floating-subnet`]: 'gone*' }));
  expect(condition(web(), 'octopool.dev/ResolvedRefs')).toContain('CloudResourceNotFound');
  await serve(service({ [`${occm}/floating-subnet`]: '~(' }));
  expect(condition(web(), 'octopool.dev/Accepted')).toContain('Invalid');
  expect(world.fake.world.octavia.tables.loadbalancer.all()).toEqual([]);
});

test('X-Forwarded-For, limits, timeouts, probes and ranges reach the listener and the pool', async () => {
  const annotations = {
    'octopool.dev/balancer': 'edge/public',
    [`${occm}/x-forwarded-for`]: 'true',
    [`${occm}/connection-limit`]: '1000',
    [`${occm}/timeout-client-data`]: '60000',
    [`${occm}/health-monitor-delay`]: '10',
    [`${occm}/lb-method`]: 'SOURCE_IP',
  };
  const shared = sharedBalancer({
    namespace: 'edge',
    name: 'public',
    spec: { attachment: { from: 'All', undelegated: 'FirstClaim' }, listeners: [] },
  });
  await serve(
    shared,
    service(annotations, { loadBalancerClass: 'octopool.dev/shared', loadBalancerSourceRanges: ['192.0.2.0/24'] }),
  );
  const { listener, pool, healthmonitor } = world.fake.world.octavia.tables;
  expect(
    fields(
      listener.all()[0],
      'protocol',
      'protocol_port',
      'connection_limit',
      'timeout_client_data',
      'insert_headers',
      'allowed_cidrs',
    ),
  ).toEqual(['HTTP', 80, 1000, 60_000, { 'X-Forwarded-For': 'true' }, ['192.0.2.0/24']]);
  expect(fields(pool.all()[0], 'protocol', 'lb_algorithm')).toEqual(['HTTP', 'SOURCE_IP']);
  expect(fields(healthmonitor.all()[0], 'type', 'delay')).toEqual(['TCP', 10]);
  expect(condition(web(), 'octopool.dev/Programmed')).toContain('True');
});

function fields(record: object | undefined, ...names: readonly string[]): readonly unknown[] {
  return names.map((name) => (record === undefined ? undefined : Reflect.get(record, name)));
}
