import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { namespace, sharedBalancer } from '../support/manifests.ts';
import { type CloudSeen, runningPod, saying, serviceWorld, type ServiceWorld, told } from './support/service-world.ts';

/** What each field of a Service does, on a real kube-apiserver that fills in and refuses what it does. */

let world: ServiceWorld;

beforeAll(async () => {
  world = await serviceWorld([]);
  const balancer = sharedBalancer({
    namespace: 'edge',
    name: 'pods',
    spec: { defaults: { backendPolicy: { targetType: 'PodIP' } } },
  });
  await world.cluster.kubectl(['apply', '-f', '-'], JSON.stringify(namespace('edge')));
  await world.cluster.kubectl(['apply', '-f', '-'], JSON.stringify(balancer));
}, 3_600_000);
afterAll(async () => world?.stop(), 120_000);

interface Port {
  readonly port: number;
  readonly protocol?: string;
}

async function apply(
  name: string,
  spec: object,
  ports: readonly Port[] = [{ port: 80 }],
  annotations = {},
): Promise<void> {
  const named = ports.map((port) => ({ name: `${port.protocol ?? 'TCP'}-${port.port}`.toLowerCase(), ...port }));
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', annotations },
    spec: {
      type: 'LoadBalancer',
      loadBalancerClass: 'octopool.dev/dedicated',
      selector: { app: name },
      ports: named,
      ...spec,
    },
  };
  await world.cluster.kubectl(['apply', '-f', '-'], JSON.stringify(service));
}

const programmed = (name: string) => world.when('is programmed', name, saying('Programmed', 'True Programmed'));

async function remove(name: string): Promise<void> {
  await world.cluster.kubectl(['delete', 'svc', name, '--timeout=50s']);
}

/** What its own load balancer holds. */
function ofService({ octavia }: CloudSeen, name: string) {
  const balancer = octavia.loadbalancers.find((one) => one.name.startsWith(`default/service:${name}/`));
  const listeners = octavia.listeners.filter((one) => one.loadbalancer_id === balancer?.id);
  const pools = octavia.pools.filter((one) => one.loadbalancer_id === balancer?.id);
  const inPools = ({ pool_id: id }: { readonly pool_id: string }): boolean => pools.some((pool) => pool.id === id);
  return {
    listeners: listeners.map((one) => `${one.protocol} ${one.protocol_port}`).toSorted(),
    cidrs: listeners.map((one) => one.allowed_cidrs),
    pools: pools.map((pool) => ({ protocol: pool.protocol, persistence: pool.session_persistence })),
    members: octavia.members
      .filter(inPools)
      .map(({ address, protocol_port: port, monitor_port: monitorPort }) => ({ address, port, monitorPort }))
      .toSorted((a, b) => (a.address < b.address ? -1 : 1)),
    monitors: octavia.healthmonitors.filter(inPools).map(({ type, url_path: path }) => ({ type, path })),
  };
}
type Seen = ReturnType<typeof ofService>;

/** Waits until what the cloud holds for a Service is as `probe` wants it; answers with what that gives. */
function cloudSays<T>(what: string, name: string, probe: (seen: Seen) => T | undefined): Promise<T> {
  return waitFor(`${name}: ${what}`, 200, async () => probe(ofService(await world.inCloud(), name)));
}

const addressesOf = ({ members }: Seen): string => [...new Set(members.map(({ address }) => address))].join();
const membersAre = (name: string, addresses: readonly string[]) =>
  cloudSays(`its members are ${addresses.join()}`, name, (seen) =>
    addressesOf(seen) === addresses.join() ? seen : undefined,
  );

test('externalTrafficPolicy Local: only nodes with a ready Pod, watched on the health check node port', async () => {
  await runningPod(world.cluster, {
    name: 'local-1',
    labels: { app: 'local' },
    ip: '10.244.0.7',
    ports: { http: 8080 },
  });
  await apply('local', { externalTrafficPolicy: 'Local' });
  await programmed('local');
  const seen = await membersAre('local', ['10.10.0.11']);
  const { healthCheckNodePort, ports } = (await world.service('local'))?.spec ?? { ports: [] };
  expect(seen.members).toEqual([{ address: '10.10.0.11', port: ports[0]?.nodePort, monitorPort: healthCheckNodePort }]);
  expect(seen.monitors).toEqual([{ type: 'HTTP', path: '/healthz' }]);
  const second = { name: 'local-2', labels: { app: 'local' }, ip: '10.244.1.7', node: 'node-2', ports: { http: 8080 } };
  await runningPod(world.cluster, second);
  await membersAre('local', ['10.10.0.11', '10.10.0.12']);
  await remove('local');
}, 300_000);

const persistence = ({ pools }: Seen): string => pools[0]?.persistence?.type ?? 'none';

test('sessionAffinity ClientIP is persistence by source address, and comes and goes on a living Service', async () => {
  await apply('sticky', { sessionAffinity: 'ClientIP' });
  await programmed('sticky');
  expect(persistence(ofService(await world.inCloud(), 'sticky'))).toBe('SOURCE_IP');
  await apply('sticky', { sessionAffinity: 'None' });
  await cloudSays('it has no persistence', 'sticky', (seen) => (persistence(seen) === 'none' ? seen : undefined));
  await remove('sticky');
}, 300_000);

const cidrsAre = (name: string, wanted: readonly string[]) =>
  cloudSays(`it lets ${wanted.join()} in`, name, ({ cidrs }) =>
    JSON.stringify(cidrs[0]) === JSON.stringify(wanted) ? true : undefined,
  );

test('loadBalancerSourceRanges are who may connect; the older annotation counts where the field is empty', async () => {
  await apply('ranges', { loadBalancerSourceRanges: ['203.0.113.0/24', '192.0.2.0/24'] });
  await cidrsAre('ranges', ['192.0.2.0/24', '203.0.113.0/24']);
  const annotation = { 'service.beta.kubernetes.io/load-balancer-source-ranges': '198.51.100.0/24' };
  await apply('ranges', { loadBalancerSourceRanges: null }, undefined, annotation);
  await cidrsAre('ranges', ['198.51.100.0/24']);
  await remove('ranges');
}, 300_000);

test('TCP and UDP share a port number, SCTP has a listener of its own, each with the monitor of its protocol', async () => {
  await apply('dns', {}, [{ port: 53 }, { port: 53, protocol: 'UDP' }, { port: 5060, protocol: 'SCTP' }]);
  await programmed('dns');
  const seen = ofService(await world.inCloud(), 'dns');
  const ingress = (await world.service('dns'))?.status.loadBalancer.ingress ?? [];
  expect({
    listeners: seen.listeners,
    pools: seen.pools.map(({ protocol }) => protocol).toSorted(),
    monitors: seen.monitors.map(({ type }) => type).toSorted(),
    ports: ingress[0]?.ports,
  }).toEqual({
    listeners: ['SCTP 5060', 'TCP 53', 'UDP 53'],
    pools: ['SCTP', 'TCP', 'UDP'],
    monitors: ['SCTP', 'TCP', 'UDP-CONNECT'],
    ports: [
      { port: 53, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
      { port: 5060, protocol: 'SCTP' },
    ],
  });
  await remove('dns');
}, 300_000);

test('a node that is excluded, not Ready, or at another address is followed', async () => {
  const { kubectl, request } = world.cluster;
  const conditionOfNode = async (status: 'True' | 'False'): Promise<void> => {
    const conditions = [{ type: 'Ready', status, reason: 'Test', message: '' }];
    const patch = ['patch', 'node', 'node-2', '--subresource=status', '--type=strategic', '-p'];
    await kubectl([...patch, JSON.stringify({ status: { conditions } })]);
  };
  await apply('nodes', {});
  await programmed('nodes');
  await membersAre('nodes', ['10.10.0.11', '10.10.0.12']);
  const label = 'node.kubernetes.io/exclude-from-external-load-balancers';
  await kubectl(['label', 'node', 'node-2', `${label}=true`]);
  await membersAre('nodes', ['10.10.0.11']);
  await kubectl(['label', 'node', 'node-2', `${label}-`]);
  await membersAre('nodes', ['10.10.0.11', '10.10.0.12']);
  await conditionOfNode('False');
  await membersAre('nodes', ['10.10.0.11']);
  await conditionOfNode('True');
  await membersAre('nodes', ['10.10.0.11', '10.10.0.12']);
  const path = '/api/v1/nodes/node-2';
  const { body } = await request('GET', path);
  const node = body as { readonly status: object };
  const moved = { ...node, status: { ...node.status, addresses: [{ type: 'InternalIP', address: '10.10.0.13' }] } };
  expect((await request('PUT', `${path}/status`, moved)).status).toBe(200);
  await membersAre('nodes', ['10.10.0.11', '10.10.0.13']);
  await remove('nodes');
}, 400_000);

test('on a SharedBalancer with Pods for members, publishNotReadyAddresses lets Pods in that are not ready', async () => {
  const pod = { labels: { app: 'early' }, ports: { http: 8080 } };
  await runningPod(world.cluster, { ...pod, name: 'early-1', ip: '10.244.0.8' });
  await runningPod(world.cluster, { ...pod, name: 'early-2', ip: '10.244.0.9', ready: 'False' });
  const shared = { loadBalancerClass: 'octopool.dev/shared', allocateLoadBalancerNodePorts: false };
  const annotations = { 'octopool.dev/balancer': 'edge/pods' };
  const members = async (): Promise<string> => {
    const { octavia } = await world.inCloud();
    return octavia.members
      .map(({ address, protocol_port: port }) => `${address}:${port}`)
      .toSorted()
      .join();
  };
  const membersBecome = (wanted: string) =>
    waitFor(`members are ${wanted}`, 200, async () => ((await members()) === wanted ? true : undefined));
  await apply('early', shared, [{ port: 6000 }], annotations);
  await membersBecome('10.244.0.8:6000');
  await apply('early', { ...shared, publishNotReadyAddresses: true }, [{ port: 6000 }], annotations);
  await membersBecome('10.244.0.8:6000,10.244.0.9:6000');
  expect((await world.service('early'))?.metadata.finalizers).toEqual([]);
}, 300_000);

test('the second Service on a port of a SharedBalancer reads PortConflict at that port, as the API server has a field for it', async () => {
  const shared = { loadBalancerClass: 'octopool.dev/shared', allocateLoadBalancerNodePorts: false };
  const annotations = { 'octopool.dev/balancer': 'edge/pods' };
  const before = await world.service('early');
  await apply('late', shared, [{ port: 6000 }, { port: 6001 }], annotations);
  const ports = await world.when('is told', 'late', (service) =>
    told(service, 'Accepted') === 'False PortConflict' ? service.status.loadBalancer.ingress[0]?.ports : undefined,
  );
  expect(ports).toEqual([
    { port: 6000, protocol: 'TCP', error: 'octopool.dev/PortConflict' },
    { port: 6001, protocol: 'TCP' },
  ]);
  expect(await world.service('early')).toEqual(before);
  await remove('early');
  await world.when('has the port', 'late', (service) =>
    told(service, 'Accepted') === 'True Accepted' &&
    service.status.loadBalancer.ingress[0]?.ports[0]?.error === undefined
      ? true
      : undefined,
  );
}, 300_000);
