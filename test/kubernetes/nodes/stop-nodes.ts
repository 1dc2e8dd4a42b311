import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tryCommand } from '../command.ts';
import { stopProgram } from '../programs.ts';
import { waitFor } from '../wait.ts';
import { containerProcesses, containersOf } from './container-processes.ts';
import { restoreForwarding, restoreSettings } from './kernel-settings.ts';
import { removeOwnNetwork, unroutePods } from './node-network.ts';
import { stopPrograms } from './node-programs.ts';
import { forgetRecord, isLeftover, type NodeRecord, type NodesRecord, readRecords } from './nodes-record.ts';

/** Ends a set of nodes by what is on record: programs, pods, mounts, cgroups, routes, settings. Also after a crash. */
export async function stopNodes(record: NodesRecord): Promise<void> {
  await Promise.all(record.nodes.map((node) => stopPrograms(node)));
  for (const name of ['forward-nodes', 'forward-clients', 'connect-proxy'])
    await stopProgram(record.dir, name, 'SIGTERM', 5);
  const containers = (await Promise.all(record.nodes.map(containersOf))).flat();
  await Promise.all(record.nodes.map((node) => endPods(record, node)));
  await unmountBelow([record.run, record.dir]);
  await removeCgroups(record, containers);
  if (record.network === 'own') await removeOwnNetwork(record);
  else {
    for (const node of record.nodes) await unroutePods(record, node);
    for (const [namespace, value] of Object.entries(record.forwarding)) await restoreForwarding(namespace, value);
  }
  await rm(record.dir, { recursive: true, force: true });
  await forgetRecord(record);
  await restoreSettings(record.settings, (await readRecords()).length);
}

/** What a harness that was killed left behind would hold names and addresses for ever. */
export async function stopLeftovers(): Promise<void> {
  for (const record of await readRecords()) if (await isLeftover(record)) await stopNodes(record);
}

/** Every container, whatever else is in the node's cgroups, and the shims that watch over them: they name the node's socket. */
async function endPods(record: NodesRecord, node: NodeRecord): Promise<void> {
  await waitFor(`no pod runs on ${node.name}`, 60, async () => {
    const pids = [...(await containerProcesses(node)), ...(await pidsIn(record)), ...(await shimsOf(node))];
    for (const pid of pids) kill(pid);
    return pids.length === 0 ? true : undefined;
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself meanwhile
  }
}

async function pidsIn({ id }: NodesRecord): Promise<readonly number[]> {
  const roots = (await hierarchies()).map((hierarchy) => join(hierarchy, id));
  const folders = (await Promise.all(roots.map(foldersBelow))).flat();
  const texts = await Promise.all(
    folders.map((folder) => readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '')),
  );
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '' && line !== '0')
      .map(Number),
  );
}

async function shimsOf(node: NodeRecord): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, at) => lines[at]?.includes('containerd-shim') && lines[at].includes(node.run)).map(Number);
}

/** Several (cgroup v1), or the root alone (v2). */
async function hierarchies(): Promise<readonly string[]> {
  const root = '/sys/fs/cgroup';
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return [root, ...folders.map(({ name }) => join(root, name))];
}

/** Innermost first. */
async function foldersBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => foldersBelow(join(folder, name)));
  return [...(await Promise.all(inner)).flat(), folder];
}

async function removeCgroups({ id }: NodesRecord, containers: readonly string[]): Promise<void> {
  const names = [id, ...containers.map((container) => join('k8s.io', container))];
  for (const hierarchy of await hierarchies())
    for (const name of names)
      for (const folder of await foldersBelow(join(hierarchy, name))) await rmdir(folder).catch(() => undefined);
}

async function unmountBelow(folders: readonly string[]): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').flatMap((line) => line.split(' ')[1] ?? []);
  const ours = mounts.filter((mount) => folders.some((folder) => mount.startsWith(`${folder}/`)));
  for (const mount of ours.toReversed()) await tryCommand({ program: 'umount', args: ['-l', mount] });
}
