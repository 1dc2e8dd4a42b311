import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type FakeProcess, startFakeProcess } from '../../chaos/support/fake-process.ts';
import { startControlPlane } from '../../kubernetes/control-plane.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { freePorts } from '../../kubernetes/free-ports.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { installOctopool } from '../../support/install.ts';
import { registerNode } from '../../support/node-objects.ts';
import { type OperatorProcess, type OperatorProcessOptions, startOperator } from '../../support/operator-process.ts';

/** A real control plane with its EndpointSlice controller, a cloud in a process of its own, and the operator under its shipped rights. */
export interface ServiceWorld {
  readonly cluster: ControlPlane;
  readonly fake: FakeProcess;
  readonly operator: OperatorProcess;
  /** As the API server has it now; undefined: it is not there. */
  service(name: string, namespace?: string): Promise<ServiceSeen | undefined>;
  /** What `probe` makes of a Service, once it makes something of it. */
  when<T>(what: string, name: string, probe: (service: ServiceSeen) => T | undefined): Promise<T>;
  inCloud(): Promise<CloudSeen>;
  stop(): Promise<void>;
}

const serviceSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    generation: z.number().optional(),
    resourceVersion: z.string(),
    finalizers: z.array(z.string()).default([]),
    managedFields: z
      .array(z.object({ manager: z.string(), subresource: z.string().optional(), fieldsV1: z.unknown() }))
      .default([]),
  }),
  spec: z.looseObject({
    type: z.string(),
    healthCheckNodePort: z.number().optional(),
    ports: z.array(z.looseObject({ port: z.number(), protocol: z.string(), nodePort: z.number().optional() })),
  }),
  status: z.object({
    loadBalancer: z.object({
      ingress: z
        .array(
          z.object({
            ip: z.string().optional(),
            ipMode: z.string().optional(),
            ports: z
              .array(z.object({ port: z.number(), protocol: z.string(), error: z.string().optional() }))
              .default([]),
          }),
        )
        .default([]),
    }),
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }))
      .default([]),
  }),
});
export type ServiceSeen = z.infer<typeof serviceSchema>;

const dumpSchema = z.object({
  octavia: z.object({
    loadbalancers: z.array(z.object({ id: z.string(), name: z.string(), vip_address: z.string() })),
    listeners: z.array(
      z.object({
        loadbalancer_id: z.string(),
        protocol: z.string(),
        protocol_port: z.number(),
        allowed_cidrs: z.array(z.string()).nullable(),
        default_pool_id: z.string().nullable(),
      }),
    ),
    pools: z.array(
      z.object({
        id: z.string(),
        loadbalancer_id: z.string(),
        protocol: z.string(),
        session_persistence: z.looseObject({ type: z.string() }).nullable(),
      }),
    ),
    members: z.array(
      z.object({
        pool_id: z.string(),
        address: z.string(),
        protocol_port: z.number(),
        weight: z.number(),
        monitor_port: z.number().nullable(),
      }),
    ),
    healthmonitors: z.array(z.object({ pool_id: z.string(), type: z.string(), url_path: z.string().nullable() })),
  }),
  neutron: z.object({
    ports: z.array(z.object({ description: z.string() })),
    floatingips: z.array(z.object({ floating_ip_address: z.string() })),
  }),
});
export type CloudSeen = z.infer<typeof dumpSchema>;

export const nodeAddresses = ['10.10.0.11', '10.10.0.12'] as const;

export async function serviceWorld(flags: readonly string[]): Promise<ServiceWorld> {
  const cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  const fake = await startFakeProcess(cluster.dir);
  const kubeconfig = await installOctopool(cluster);
  await fake.do({ do: 'node-ports', project: 'tenant-a', addresses: [...nodeAddresses, '10.10.0.13'] });
  for (const [at, ip] of nodeAddresses.entries()) await registerNode(cluster, { name: `node-${at + 1}`, ip });
  const [port = 0] = await freePorts(1);
  const options: OperatorProcessOptions = {
    dir: cluster.dir,
    kubeconfig,
    cloudsYaml: fake.cloudsYaml,
    cloud: 'tenant-a',
    port,
    flags: ['--no-leader-election', ...flags],
  };
  return worldOf(cluster, fake, await startOperator(options));
}

function worldOf(cluster: ControlPlane, fake: FakeProcess, operator: OperatorProcess): ServiceWorld {
  const service: ServiceWorld['service'] = async (name, namespace = 'default') => {
    const { status, body } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/services/${name}`);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
    return serviceSchema.parse(body);
  };
  return {
    cluster,
    fake,
    operator,
    service,
    when: (what, name, probe) =>
      waitFor(`${name}: ${what}`, 240, async () => {
        const seen = await service(name);
        const answer = seen === undefined ? undefined : probe(seen);
        if (answer === undefined) await pause(150);
        return answer;
      }),
    inCloud: async () => dumpSchema.parse(await fake.do({ do: 'dump' })),
    stop: async () => {
      await operator.kill();
      await fake.stop();
      await cluster.stop();
    },
  };
}

/** `True Programmed`, of one of our conditions. */
export function told({ status }: ServiceSeen, type: string): string | undefined {
  const found = status.conditions.find((one) => one.type === `octopool.dev/${type}`);
  return found === undefined ? undefined : `${found.status} ${found.reason}`;
}

/** The message, when the condition says so. */
export function saying(type: string, said: string): (service: ServiceSeen) => string | undefined {
  return (service) =>
    told(service, type) === said
      ? (service.status.conditions.find((one) => one.type === `octopool.dev/${type}`)?.message ?? '')
      : undefined;
}

/** A Pod without a kubelet, on a node that is named: as if it ran. */
export async function runningPod(
  { kubectl }: Pick<ControlPlane, 'kubectl'>,
  of: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ip: string;
    readonly node?: string;
    readonly ports: Readonly<Record<string, number>>;
    readonly ready?: 'True' | 'False';
  },
): Promise<void> {
  const { name, labels, ip, node = 'node-1', ready = 'True' } = of;
  const ports = Object.entries(of.ports).map(([called, containerPort]) => ({ name: called, containerPort }));
  const spec = { nodeName: node, containers: [{ name: 'web', image: 'web', ports }] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec };
  await kubectl(['apply', '-f', '-'], JSON.stringify(pod));
  const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: ready }] };
  await kubectl(['patch', 'pod', name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
}
