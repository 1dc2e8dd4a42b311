import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type FakeOpenStack, startFakeOpenStack } from '../fake-openstack/fake-openstack.ts';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { freePorts } from '../kubernetes/free-ports.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { installOctopool } from '../support/install.ts';
import { list, namespace, sharedBalancer } from '../support/manifests.ts';
import { registerNode } from '../support/node-objects.ts';
import { type OperatorProcess, startOperator } from '../support/operator-process.ts';

/** What a real kube-apiserver keeps of a NodePort Service that is told by two passes; the operator has the rights that ship. */

let cluster: ControlPlane;
let fake: FakeOpenStack;
let operator: OperatorProcess;
const addresses = ['10.10.0.11', '10.10.0.12'];

beforeAll(async () => {
  fake = await startFakeOpenStack();
  cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  const kubeconfig = await installOctopool(cluster);
  fake.do({ do: 'node-ports', project: 'tenant-a', addresses });
  for (const [at, ip] of addresses.entries()) await registerNode(cluster, { name: `node-${at + 1}`, ip });
  const balancer = sharedBalancer({ namespace: 'edge', name: 'public' });
  await cluster.kubectl(['apply', '-f', '-'], list([...['edge', 'team-a'].map(namespace), balancer]));
  const [port = 0] = await freePorts(1);
  const { dir } = cluster;
  const cloudsYaml = await fake.writeCloudsYaml(dir);
  const flags = ['--no-leader-election', '--allow-node-floating-ips'];
  operator = await startOperator({ dir, kubeconfig, cloudsYaml, cloud: 'tenant-a', port, flags });
}, 3_600_000);
afterAll(async () => {
  await operator?.stop();
  await cluster?.stop();
  await fake?.stop();
}, 120_000);

const serviceSchema = z.object({
  metadata: z.object({
    managedFields: z.array(z.object({ manager: z.string(), subresource: z.string().optional() })),
  }),
  spec: z.object({ ports: z.array(z.object({ nodePort: z.int() })) }),
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string(), message: z.string() })).default([]),
    loadBalancer: z.unknown(),
  }),
});

async function service(): Promise<z.output<typeof serviceSchema>> {
  const text = await cluster.kubectl(['get', 'service', 'game', '-n', 'team-a', '-o', 'json', '--show-managed-fields']);
  return serviceSchema.parse(JSON.parse(text));
}

/** Waits until the conditions are these: `octopool.dev/Accepted=True`. */
function told(wanted: readonly string[]): Promise<z.output<typeof serviceSchema>> {
  return waitFor(`the Service reads ${wanted.join(', ')}`, 120, async () => {
    const read = await service();
    const lines = read.status.conditions.map(({ type, status }) => `${type.replace('octopool.dev/', '')}=${status}`);
    return lines.toSorted().join() === wanted.toSorted().join() ? read : undefined;
  });
}

test('two passes write conditions of one Service side by side, and each takes back its own', async () => {
  const annotations = {
    'octopool.dev/node-port-sources': '203.0.113.0/24',
    'octopool.dev/node-floating-ips': '1',
    'octopool.dev/balancer': 'edge/public',
  };
  const game = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'game', namespace: 'team-a', annotations },
    spec: { type: 'NodePort', selector: { app: 'game' }, ports: [{ port: 7000 }] },
  };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(game));
  const both = await told([
    'Accepted=True',
    'ResolvedRefs=True',
    'Programmed=True',
    'BackendsHealthy=False',
    'NodePortReachable=True',
  ]);
  const [{ nodePort } = { nodePort: 0 }] = both.spec.ports;
  const reachable = both.status.conditions.find(({ type }) => type === 'octopool.dev/NodePortReachable');
  const floating = fake.world.neutron.floatingip
    .all()
    .find(({ description }) => description.startsWith('octopool/node-fip'));
  expect(reachable?.message).toBe(
    `tcp ${nodePort} on ${floating?.floating_ip_address} (floating IPs) from 203.0.113.0/24; inside the network on 10.10.0.11-12`,
  );
  const managers = both.metadata.managedFields.filter(({ subresource }) => subresource === 'status');
  expect(managers.map(({ manager }) => manager).toSorted()).toEqual(['octopool-nodes', 'octopool-service']);
  expect(both.status.loadBalancer).toEqual({});
  const annotate = (...words: readonly string[]) =>
    cluster.kubectl(['annotate', 'service', 'game', '-n', 'team-a', ...words]);
  await annotate('octopool.dev/balancer-');
  await told(['NodePortReachable=True']);
  await annotate('octopool.dev/node-port-sources-', 'octopool.dev/node-floating-ips-');
  await told([]);
  expect(
    fake.world.neutron.floatingip.all().filter(({ description }) => description.startsWith('octopool/node-fip')),
  ).toEqual([]);
}, 300_000);

test('a node whose machine is not in the cloud is told so by an event', async () => {
  await registerNode(cluster, { name: 'elsewhere', ip: '192.168.7.7' });
  const spec = { type: 'NodePort', ports: [{ port: 7002 }] };
  const metadata = {
    name: 'other',
    namespace: 'team-a',
    annotations: { 'octopool.dev/node-port-sources': '0.0.0.0/0' },
  };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec }));
  const find = [
    'get',
    'events',
    '-n',
    'default',
    '--field-selector',
    'involvedObject.kind=Node,involvedObject.name=elsewhere',
  ];
  const reason = await waitFor('the node has an event', 120, async () => {
    const text = await cluster.kubectl([...find, '-o', 'jsonpath={.items[*].reason}']);
    return text === '' ? undefined : text;
  });
  expect(reason).toBe('CloudResourceNotFound');
}, 300_000);

test('addresses are refused on a Service of that type, so they stand in conditions alone', async () => {
  const spec = { type: 'NodePort', ports: [{ port: 7001 }] };
  const plain = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'plain', namespace: 'team-a' }, spec };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(plain));
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '198.51.100.5' }] } } });
  const patch = ['patch', 'service', 'plain', '-n', 'team-a', '--subresource=status', '--type=merge', '-p', status];
  await expect(cluster.kubectl(patch)).rejects.toThrow(
    "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
  );
}, 120_000);
