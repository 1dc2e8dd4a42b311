import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startTimeOf } from '../start-time.ts';

/** Short on purpose: sockets live below it, and a socket's path has at most 107 bytes. */
const recordsDir = '/run/octopool-nodes';
const mostRecords = 100;

const nodeSchema = z.object({
  name: z.string(),
  /** Network namespace, as `ip netns` names it. */
  namespace: z.string(),
  ip: z.string(),
  podCidr: z.string(),
  /** Files that take disk: images, volumes, logs. Gone when the node stops. */
  dir: z.string(),
  /** Sockets and mounts. Gone when the node stops. */
  run: z.string(),
  /** Path of its pods' cgroups below each cgroup hierarchy. */
  cgroup: z.string(),
});

const recordSchema = z.object({
  id: z.string(),
  /** The process whose end makes these nodes leftovers; `null`: they are to stay. */
  owner: z.object({ pid: z.number(), startTime: z.string() }).nullable(),
  /** Folder of their control plane. */
  controlPlaneDir: z.string(),
  dir: z.string(),
  run: z.string(),
  /** `own`: namespaces made by us, to be removed. */
  network: z.enum(['own', 'given']),
  /** The namespace from which traffic comes, and through which the nodes reach the API server. */
  client: z.object({ namespace: z.string(), ip: z.string() }),
  /** The namespace that forwards between them; it is given a route per pod range. */
  router: z.string().nullable(),
  nodes: z.array(nodeSchema),
  /** Image archives that every node has. */
  images: z.array(z.string()),
  /** Settings of the machine that kubelets change, as they were. Key: path below `/proc/sys`. */
  settings: z.record(z.string(), z.string()),
  /** `net.ipv4.ip_forward` of namespaces that are not ours, as it was. */
  forwarding: z.record(z.string(), z.string()),
});

export type NodeRecord = Readonly<z.infer<typeof nodeSchema>>;

/** All that is needed to remove a set of nodes, also by another process, also after a crash. */
export type NodesRecord = Readonly<z.infer<typeof recordSchema>> & { readonly nodes: readonly NodeRecord[] };

/** Takes the first free id of this machine: `octo0`, `octo1`, ... Namespaces and cgroups are named after it. */
export async function claimId(): Promise<{ readonly id: string; readonly run: string }> {
  await mkdir(recordsDir, { recursive: true, mode: 0o700 });
  for (let number = 0; number < mostRecords; number += 1) {
    const id = `octo${number}`;
    const run = join(recordsDir, id);
    const taken = await mkdir(run).then(
      () => false,
      () => true,
    );
    if (!taken) return { id, run };
  }
  throw new Error(`${mostRecords} sets of nodes are on record in ${recordsDir}`);
}

export async function writeRecord(record: NodesRecord): Promise<void> {
  await writeFile(join(record.run, 'record.json'), JSON.stringify(record), { mode: 0o600 });
}

/** Every set of nodes of this machine. */
export async function readRecords(): Promise<readonly NodesRecord[]> {
  const ids = await readdir(recordsDir).catch(() => []);
  const texts = await Promise.all(
    ids.map((id) => readFile(join(recordsDir, id, 'record.json'), 'utf8').catch(() => undefined)),
  );
  return texts.filter((text) => text !== undefined).map((text) => recordSchema.parse(JSON.parse(text)));
}

export async function forgetRecord(record: NodesRecord): Promise<void> {
  await rm(record.run, { recursive: true, force: true });
}

/** This process, so that another one can tell whether it still runs: pids are used again. */
export async function thisProcess(): Promise<NonNullable<NodesRecord['owner']>> {
  const startTime = await startTimeOf(process.pid);
  if (startTime === undefined) throw new Error('/proc does not know this process');
  return { pid: process.pid, startTime };
}

/** Whether nobody will ever stop these nodes: the process that started them ended without. */
export async function isLeftover({ owner }: NodesRecord): Promise<boolean> {
  return owner !== null && (await startTimeOf(owner.pid)) !== owner.startTime;
}
