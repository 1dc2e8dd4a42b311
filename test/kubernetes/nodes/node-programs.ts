import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, tryCommand } from '../command.ts';
import type { ControlPlane } from '../control-plane-handle.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { type Lifetime, startProgram, stopProgram, whyDead } from '../programs.ts';
import { waitFor } from '../wait.ts';
import {
  cniConfig,
  cniConfigDir,
  containerdConfig,
  containerdConfigFile,
  containerdSocket,
} from './containerd-config.ts';
import { enterNamespace } from './in-namespace.ts';
import { kubeletCommand, kubeletConfig, kubeletConfigFile, kubeProxyCommand } from './kubelet-config.ts';
import type { NodeRecord, NodesRecord } from './nodes-record.ts';

/** Port of the API server as nodes see it. */
export const apiPort = 6443;

/** Starts containerd, kube-proxy and kubelet of one node, and answers when the API server calls it Ready. */
export async function startNode(
  controlPlane: ControlPlane,
  record: NodesRecord,
  node: NodeRecord,
  lifetime: Lifetime,
): Promise<void> {
  const kubeconfig = join(node.dir, 'kubeconfig');
  await writeFiles(controlPlane, record, node, kubeconfig);
  await registerNode(controlPlane, node);
  const start = (name: string, command: readonly string[]): Promise<void> =>
    startProgram({ name, dir: node.dir, command: enterNamespace(node.namespace, command), lifetime });
  await start('containerd', ['containerd', '--config', containerdConfigFile(node), '--log-level', 'warn']);
  await start('kube-proxy', kubeProxyCommand(controlPlane.bin, node, kubeconfig));
  await waitFor(`containerd of ${node.name}`, 90, async () => {
    const dead = await whyDead(node.dir, 'containerd');
    if (dead !== undefined) throw new Error(dead);
    return (await tryCommand(ctr(node, ['version']))) === '' ? undefined : true;
  });
  for (const image of record.images) await importImage(node, image);
  await start('kubelet', kubeletCommand(controlPlane.bin, node, kubeconfig));
  await waitFor(`node ${node.name} is Ready`, 180, async () => {
    const dead = await whyDead(node.dir, 'kubelet');
    if (dead !== undefined) throw new Error(dead);
    const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
    return (await controlPlane.kubectl(['get', 'node', node.name, '-o', path])) === 'True' ? true : undefined;
  });
}

export async function stopPrograms(node: NodeRecord): Promise<void> {
  await stopProgram(node.dir, 'kubelet', 'SIGTERM', 5);
  await stopProgram(node.dir, 'kube-proxy', 'SIGTERM', 5);
  await stopProgram(node.dir, 'containerd', 'SIGTERM', 5);
}

export async function importImage(node: NodeRecord, archive: string): Promise<void> {
  await runCommand({ ...ctr(node, ['images', 'import', archive]), seconds: 300 });
}

/** Command words that load an image archive into a node, without the archive. */
export function importCommand(node: NodeRecord): readonly string[] {
  return ['ctr', '--address', containerdSocket(node), '-n', 'k8s.io', 'images', 'import'];
}

function ctr(node: NodeRecord, args: readonly string[]) {
  return { program: 'ctr', args: ['--address', containerdSocket(node), '-n', 'k8s.io', ...args] };
}

async function writeFiles(
  controlPlane: ControlPlane,
  record: NodesRecord,
  node: NodeRecord,
  kubeconfig: string,
): Promise<void> {
  for (const dir of [node.dir, node.run, cniConfigDir(node), join(node.dir, 'kubelet'), join(node.dir, 'pod-logs')])
    await mkdir(dir, { recursive: true, mode: 0o711 });
  await writeFile(containerdConfigFile(node), containerdConfig(node));
  await writeFile(
    join(cniConfigDir(node), '10-pods.conflist'),
    JSON.stringify(cniConfig(node, `${record.id}-${node.name}`)),
  );
  await writeFile(kubeletConfigFile(node), JSON.stringify(kubeletConfig(node)));
  await writeKubeconfig({
    path: kubeconfig,
    server: `https://${record.client.ip}:${apiPort}`,
    keys: controlPlane.keys,
    identity: { kind: 'certificate', name: 'admin' },
    tlsServerName: '127.0.0.1',
  });
}

/** The Node first, with its pod range, so that no controller has to give it one; kubelet completes it. */
async function registerNode(controlPlane: ControlPlane, node: NodeRecord): Promise<void> {
  const answer = await controlPlane.request('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node.name, labels: { 'kubernetes.io/hostname': node.name } },
    spec: { podCIDR: node.podCidr, podCIDRs: [node.podCidr] },
  });
  if (answer.status > 299 && answer.status !== 409)
    throw new Error(`node ${node.name}: ${JSON.stringify(answer.body)}`);
}
