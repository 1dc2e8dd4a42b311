import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tasksDir } from './containerd-config.ts';
import type { NodeRecord } from './nodes-record.ts';

/**
 * The first process of every container and sandbox of a node; the kernel ends the others of a container with it. They are not in
 * the node's own cgroup: without a tree of QoS classes containerd puts each into one named after the container alone.
 */
export async function containerProcesses(node: NodeRecord): Promise<readonly number[]> {
  const ids = await containersOf(node);
  return (await Promise.all(ids.map((id) => firstProcess(node, id)))).flat();
}

/** Ids of the containers and sandboxes that containerd has a folder for. */
export function containersOf(node: NodeRecord): Promise<readonly string[]> {
  return readdir(tasksDir(node)).catch(() => []);
}

async function firstProcess(node: NodeRecord, id: string): Promise<readonly number[]> {
  const text = await readFile(join(tasksDir(node), id, 'init.pid'), 'utf8').catch(() => '');
  const pid = Number(text);
  // a number may be another process's by now; this one's cgroup names the container
  const cgroups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  return pid > 0 && cgroups.includes(`/${id}`) ? [pid] : [];
}
