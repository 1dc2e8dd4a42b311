import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram, stopProgram, whyDead } from '../../kubernetes/programs.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { runCommand } from '../../kubernetes/command.ts';
import { enterNamespace, inNamespace } from '../../kubernetes/nodes/in-namespace.ts';
import type { Lab } from '../../openstack/lab.ts';

const echod = join(import.meta.dirname, '../../openstack/echod.py');

/** What an echo server is told to do from now on; the head of echod.py says what each word means. */
export interface EchoState {
  readonly release?: boolean;
  readonly ports?: Readonly<Record<number, { readonly status?: number; readonly refuse?: boolean }>>;
}

/** Echo servers that stand for Pods, one on each node. */
export interface EchoServers {
  say(node: string, state: EchoState): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on each node, and answers when all listen; `dir` holds their pids, logs and states. */
export async function startEcho(lab: Pick<Lab, 'nodes'>, dir: string, ports: readonly number[]): Promise<EchoServers> {
  const programName = (node: string): string => `echo-${node}-${ports[0] ?? 0}`;
  const names = lab.nodes.map(({ name }) => programName(name));
  const stop = async (): Promise<void> => {
    await Promise.all(names.map((name) => stopProgram(dir, name, 'SIGTERM', 5)));
  };
  const stateFile = (node: string): string => join(dir, `${programName(node)}.json`);
  try {
    for (const { name, ns } of lab.nodes) {
      const command = ['/usr/bin/python3', echod, name, ports.join(','), stateFile(name)];
      await startProgram({ name: programName(name), dir, command: enterNamespace(ns, command), lifetime: 'harness' });
    }
    for (const { name, ns } of lab.nodes) await answers(dir, programName(name), { ns, port: ports.at(-1) ?? 0 });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    // by a rename, so that no half of it is ever read
    say: async (node, state) => {
      await writeFile(`${stateFile(node)}.new`, JSON.stringify(state));
      await rename(`${stateFile(node)}.new`, stateFile(node));
    },
    stop,
  };
}

function answers(dir: string, name: string, at: { readonly ns: string; readonly port: number }): Promise<true> {
  return waitFor(`${name} listens`, 60, async () => {
    const dead = await whyDead(dir, name);
    if (dead !== undefined) throw new Error(dead);
    const curl = ['curl', '-s', '-m', '5', `http://127.0.0.1:${at.port}/`];
    return (await runCommand(inNamespace(at.ns, curl)).catch(() => '')) === '' ? undefined : true;
  });
}
