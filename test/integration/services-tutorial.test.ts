import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { runningPod, saying, serviceWorld, type ServiceWorld, told } from './support/service-world.ts';

/**
 * The first manifest of a cloud's tutorial, as it stands there: its selector is not the label that it has itself, and one of its
 * ports is named as no container's. Neither is the load balancer's fault, and both are told. One test after the other.
 */

const manifest = `apiVersion: v1
kind: Service
metadata:
  name: nginx
  labels:
    k8s-app: nginx-backend
  annotations:
     service.beta.kubernetes.io/openstack-internal-load-balancer: "true"
spec:
  type: LoadBalancer
  externalTrafficPolicy: Cluster
  selector:
    k8-app: nginx-backend
  ports:
    - port: 80
      name: http
      targetPort: http
    - port: 443
      name: https
      targetPort: httpn
`;
const cleanup = 'service.kubernetes.io/load-balancer-cleanup';
const labels = { 'k8-app': 'nginx-backend' };
let world: ServiceWorld;

beforeAll(async () => {
  world = await serviceWorld(['--claim-classless-services']);
}, 3_600_000);
afterAll(async () => world?.stop(), 120_000);

test('it has an internal load balancer with both ports and its address, and is told that its selector matches no Pod', async () => {
  await world.cluster.kubectl(['apply', '-f', '-'], manifest);
  const message = await world.when('is programmed and told of its Pods', 'nginx', (service) =>
    told(service, 'Programmed') === 'True Programmed' && service.status.loadBalancer.ingress.length > 0
      ? saying('BackendsHealthy', 'False NoEndpoints')(service)
      : undefined,
  );
  expect(message).toContain('k8-app=nginx-backend');
  const [service, { octavia, neutron }] = [await world.service('nginx'), await world.inCloud()];
  const [balancer] = octavia.loadbalancers;
  const ports = [80, 443].map((port) => ({ port, protocol: 'TCP' }));
  expect({
    ingress: service?.status.loadBalancer.ingress,
    finalizers: service?.metadata.finalizers,
    accepted: service === undefined ? undefined : told(service, 'Accepted'),
    listeners: octavia.listeners.map((one) => `${one.protocol} ${one.protocol_port}`).toSorted(),
    floatingIPs: neutron.floatingips,
  }).toEqual({
    ingress: [{ ip: balancer?.vip_address, ipMode: 'VIP', ports }],
    finalizers: [cleanup],
    accepted: 'True Accepted',
    listeners: ['TCP 443', 'TCP 80'],
    floatingIPs: [],
  });
}, 300_000);

test('kubectl get and describe tell a person all of it', async () => {
  const { kubectl } = world.cluster;
  const [balancer] = (await world.inCloud()).octavia.loadbalancers;
  const address = balancer?.vip_address ?? 'none';
  const got = await kubectl(['get', 'svc', 'nginx']);
  expect(got.replaceAll(/ +/g, ' ')).toMatch(
    new RegExp(`^nginx LoadBalancer 10\\.96\\.[0-9.]+ ${address} 80:3\\d+/TCP,443:3\\d+/TCP \\d+`, 'm'),
  );
  const described = await waitFor('describe shows the events', 60, async () => {
    const text = (await kubectl(['describe', 'svc', 'nginx'])).replaceAll(/[ \t]+/g, ' ');
    return text.includes('NoEndpoints') && text.includes('Attached') ? text : undefined;
  });
  expect(described.split('\n')).toContain(`LoadBalancer Ingress: ${address} (VIP)`);
  expect(described).toMatch(/Normal Attached .*octopool/);
  expect(described).toMatch(/Warning NoEndpoints .*its selector k8-app=nginx-backend matches no Pod/);
  const waited = ['wait', 'svc/nginx', '--for=condition=octopool.dev/Programmed', '--timeout=50s'];
  expect(await kubectl(waited)).toContain('condition met');
}, 180_000);

test('once Pods match, only the port whose name none of them declares is told; once one declares it, nothing is', async () => {
  const before = await world.service('nginx');
  await runningPod(world.cluster, { name: 'first', labels, ip: '10.244.0.5', ports: { http: 8080 } });
  const message = await world.when(
    'is told of the port',
    'nginx',
    saying('BackendsHealthy', 'False TargetPortNotFound'),
  );
  expect(message).toContain('port 443: no selected Pod declares a container port named httpn');
  await runningPod(world.cluster, { name: 'both', labels, ip: '10.244.0.6', ports: { http: 8080, httpn: 8443 } });
  await world.when('is healthy', 'nginx', saying('BackendsHealthy', 'True AllHealthy'));
  const after = await world.service('nginx');
  expect({ spec: after?.spec, generation: after?.metadata.generation, pid: world.operator.pid }).toEqual({
    spec: before?.spec,
    generation: before?.metadata.generation,
    pid: world.operator.pid,
  });
}, 300_000);

test('what others write stays, and of the status only our conditions and addresses are ours', async () => {
  const { kubectl } = world.cluster;
  const time = '2026-11-22T10:00:00Z';
  const theirs = { type: 'example.com/Scanned', status: 'True', reason: 'Clean', message: 'no finding' };
  const condition = { ...theirs, lastTransitionTime: time };
  const applied = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nginx' },
    status: { conditions: [condition] },
  };
  const apply = ['apply', '--server-side', '--field-manager=scanner', '--subresource=status', '-f', '-'];
  await kubectl(apply, JSON.stringify({ ...applied, metadata: { name: 'nginx', namespace: 'default' } }));
  await kubectl([
    'patch',
    'svc',
    'nginx',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":["example.com/keep","' + cleanup + '"]}}',
  ]);
  await kubectl(['annotate', 'svc', 'nginx', 'example.com/note=kept']);
  const more = { op: 'add', path: '/spec/ports/-', value: { port: 8080, name: 'more', targetPort: 'http' } };
  await kubectl(['patch', 'svc', 'nginx', '--type=json', '-p', JSON.stringify([more])]);
  const ports = await world.when('its third port is published', 'nginx', ({ status }) => {
    const [first] = status.loadBalancer.ingress;
    return first !== undefined && first.ports.length === 3 ? first.ports.map(({ port }) => port) : undefined;
  });
  const service = await world.service('nginx');
  const managers = (service?.metadata.managedFields ?? []).filter(({ manager }) => manager.startsWith('octopool'));
  expect({
    ports,
    theirs: service?.status.conditions.filter(({ type }) => !type.startsWith('octopool.dev/')),
    finalizers: service?.metadata.finalizers,
    managers: managers.map(({ manager, subresource }) => `${manager} ${subresource}`),
    ours: managers.flatMap(({ fieldsV1 }) => Object.keys(fieldsV1 as object)),
  }).toEqual({
    ports: [80, 443, 8080],
    theirs: [theirs],
    finalizers: ['example.com/keep', cleanup],
    managers: ['octopool-service status'],
    ours: ['f:status'],
  });
}, 300_000);

test('a class can be given to no Service that lives', async () => {
  const patch = ['patch', 'svc', 'nginx', '--type=merge', '-p', '{"spec":{"loadBalancerClass":"octopool.dev/shared"}}'];
  await expect(world.cluster.kubectl(patch)).rejects.toThrow(/loadBalancerClass.*may not change once set|immutable/s);
}, 120_000);

test('as ClusterIP it loses the load balancer, then finalizer, addresses and our conditions, and nothing of others', async () => {
  await world.cluster.kubectl(['patch', 'svc', 'nginx', '--type=merge', '-p', '{"spec":{"type":"ClusterIP"}}']);
  const end = await world.when('nothing of ours is left', 'nginx', (service) =>
    service.status.conditions.some(({ type }) => type.startsWith('octopool.dev/')) ? undefined : service,
  );
  const { octavia, neutron } = await world.inCloud();
  expect({
    finalizers: end.metadata.finalizers,
    ingress: end.status.loadBalancer.ingress,
    conditions: end.status.conditions.map(({ type }) => type),
    loadBalancers: octavia.loadbalancers,
    vipPorts: neutron.ports.filter(({ description }) => description.startsWith('octopool')),
  }).toEqual({
    finalizers: ['example.com/keep'],
    ingress: [],
    conditions: ['example.com/Scanned'],
    loadBalancers: [],
    vipPorts: [],
  });
}, 300_000);

test('as LoadBalancer again it is served again; deleted, it waits for the cloud and goes', async () => {
  const { kubectl } = world.cluster;
  await kubectl([
    'patch',
    'svc',
    'nginx',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":null},"spec":{"type":"LoadBalancer"}}',
  ]);
  await world.when('is programmed', 'nginx', saying('Programmed', 'True Programmed'));
  expect((await world.inCloud()).octavia.loadbalancers).toHaveLength(1);
  await kubectl(['delete', 'svc', 'nginx', '--timeout=50s']);
  expect(await world.service('nginx')).toBeUndefined();
  expect((await world.inCloud()).octavia.loadbalancers).toEqual([]);
}, 300_000);
