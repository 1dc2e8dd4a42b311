import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import type { ControlPlane } from '../control-plane-handle.ts';
import { type Lifetime, startProgram } from '../programs.ts';
import { type Progress, waitFor } from '../wait.ts';
import { ownImages } from './images.ts';
import { enterNamespace } from './in-namespace.ts';
import { forwardPackets, settingsBefore } from './kernel-settings.ts';
import { makeOwnNetwork, ownClientIp, ownNodeIp, plugBackIn, routePods, unplug } from './node-network.ts';
import { apiPort, importCommand, importImage, startNode } from './node-programs.ts';
import { claimId, type NodesRecord, readRecords, thisProcess, writeRecord } from './nodes-record.ts';
import { stopLeftovers, stopNodes } from './stop-nodes.ts';

/** Real nodes of a control plane that was started with `nodes: 'real'`. */
export interface Nodes {
  readonly nodes: readonly { readonly name: string; readonly ip: string; readonly namespace: string }[];
  /** Network namespace of somebody outside of the cluster. */
  readonly clientNamespace: string;
  /** For each node the command words that load an image archive into it. */
  readonly importCommands: readonly (readonly string[])[];
  importImage(archive: string): Promise<void>;
  /** As if the node's cable were out; it is NotReady after about half a minute. */
  unplug(name: string): Promise<void>;
  plugBackIn(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Network namespaces that exist already, such as those of the OpenStack lab. */
export interface GivenNetwork {
  readonly nodes: readonly { readonly name: string; readonly namespace: string; readonly ip: string }[];
  /** The nodes reach the API server at this address of this namespace. */
  readonly client: { readonly namespace: string; readonly ip: string };
  /** The namespace that forwards between them. */
  readonly router: string;
}

export interface NodesOptions {
  readonly count?: number;
  readonly network?: GivenNetwork;
  readonly lifetime?: Lifetime;
  readonly progress?: Progress;
}

/** Starts containerd, kubelet and kube-proxy in a network namespace a node; answers when all are Ready. */
export async function startNodes(controlPlane: ControlPlane, options: NodesOptions = {}): Promise<Nodes> {
  const { lifetime = 'harness', progress = () => undefined } = options;
  progress('real nodes: packages, images');
  await runCommand({ program: 'bash', args: [join(import.meta.dirname, '../packages.sh')], seconds: 900 });
  await stopLeftovers();
  const record = await newRecord(controlPlane, options, progress);
  await writeRecord(record);
  try {
    if (record.network === 'own') await makeOwnNetwork(record);
    await bridgeApiServer(controlPlane, record, lifetime);
    progress(`real nodes: starting ${record.nodes.length}`);
    await Promise.all(
      record.nodes.map(async (node) => {
        await forwardPackets(node.namespace);
        await routePods(record, node);
        await startNode(controlPlane, record, node, lifetime);
      }),
    );
    await nameApiServer(controlPlane, record);
  } catch (error) {
    await stopNodes(record);
    throw error;
  }
  progress('real nodes: all Ready');
  return nodesOf(record);
}

/** The set that an earlier process started for this control plane and left running. */
export async function openNodes(controlPlaneDir: string): Promise<Nodes | undefined> {
  const record = (await readRecords()).find((one) => one.controlPlaneDir === controlPlaneDir);
  return record === undefined ? undefined : nodesOf(record);
}

function nodesOf(record: NodesRecord): Nodes {
  const named = (name: string) => {
    const node = record.nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  };
  return {
    nodes: record.nodes.map(({ name, ip, namespace }) => ({ name, ip, namespace })),
    clientNamespace: record.client.namespace,
    importCommands: record.nodes.map(importCommand),
    importImage: async (archive) => {
      await Promise.all(record.nodes.map((node) => importImage(node, archive)));
    },
    unplug: (name) => unplug(named(name)),
    plugBackIn: (name) => plugBackIn(named(name)),
    stop: () => stopNodes(record),
  };
}

async function newRecord(
  controlPlane: ControlPlane,
  { count = 3, network, lifetime = 'harness' }: NodesOptions,
  progress: Progress,
): Promise<NodesRecord> {
  const { id, run } = await claimId();
  const dir = join(controlPlane.dir, 'nodes');
  await mkdir(dir, { recursive: true, mode: 0o711 });
  const own = Array.from({ length: count }, (_, at) => ({
    name: `node-${at + 1}`,
    namespace: `${id}-node-${at + 1}`,
    ip: ownNodeIp(at + 1),
  }));
  const nodes = (network?.nodes ?? own).map((node, at) => ({
    ...node,
    podCidr: `10.244.${at + 1}.0/24`,
    dir: join(dir, node.name),
    run: join(run, node.name),
    cgroup: `/${id}/${node.name}`,
  }));
  const forwarding =
    network === undefined
      ? []
      : await Promise.all(nodes.map(async ({ namespace }) => [namespace, await forwardPackets(namespace)] as const));
  return {
    id,
    owner: lifetime === 'kept' ? null : await thisProcess(),
    controlPlaneDir: controlPlane.dir,
    dir,
    run,
    network: network === undefined ? 'own' : 'given',
    client: network?.client ?? { namespace: `${id}-client`, ip: ownClientIp },
    router: network?.router ?? `${id}-router`,
    nodes,
    images: [...(await ownImages(progress))],
    settings: { ...(await settingsBefore(await readRecords())) },
    forwarding: Object.fromEntries(forwarding),
  };
}

/** The API server inside the clients' namespace, for nodes and for programs there; and its way back to kubelets and pods. */
async function bridgeApiServer(controlPlane: ControlPlane, record: NodesRecord, lifetime: Lifetime): Promise<void> {
  const { namespace, ip } = record.client;
  const { hostname, port } = new URL(controlPlane.url);
  const forward = (name: string, host: string, at: number | string): Promise<void> =>
    startProgram({
      name,
      dir: record.dir,
      lifetime,
      command: [
        process.execPath,
        join(import.meta.dirname, 'forward.ts'),
        '--dir',
        record.dir,
        namespace,
        host,
        String(at),
        hostname,
        port,
      ],
    });
  await forward('forward-nodes', ip, apiPort);
  await forward('forward-clients', hostname, port);
  const proxy = [process.execPath, join(import.meta.dirname, 'connect-proxy.ts'), controlPlane.egressSocket];
  await startProgram({
    name: 'connect-proxy',
    dir: record.dir,
    lifetime,
    command: enterNamespace(namespace, [...proxy, record.dir]),
  });
  await waitFor('the API server answers in the clients namespace', 60, async () => {
    const curl = ['curl', '-sk', '-m', '3', `https://${ip}:${apiPort}/livez`];
    const [program = '', ...args] = enterNamespace(namespace, curl);
    return (await runCommand({ program, args }).catch(() => '')) === '' ? undefined : true;
  });
}

/** Pods reach the API server as kubernetes.default: its endpoints are told by hand, because its own address is the loopback's. */
async function nameApiServer(controlPlane: ControlPlane, record: NodesRecord): Promise<void> {
  const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
  const answer = await controlPlane.request('POST', path, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    ports: [{ name: 'https', port: apiPort, protocol: 'TCP' }],
    endpoints: [{ addresses: [record.client.ip], conditions: { ready: true } }],
  });
  if (answer.status > 299 && answer.status !== 409)
    throw new Error(`kubernetes.default: ${JSON.stringify(answer.body)}`);
}
