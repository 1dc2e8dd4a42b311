import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inNamespace } from '../kubernetes/nodes/in-namespace.ts';
import { runCommand } from '../kubernetes/command.ts';
import { startProgram, stopProgram, whyDead } from '../kubernetes/programs.ts';
import { waitFor } from '../kubernetes/wait.ts';
import type { Lab } from './lab.ts';

const forwarder = join(import.meta.dirname, '../kubernetes/nodes/forward.ts');

/**
 * The lab's APIs on the loopback of each of its nodes, where a Pod with the node's network looks for them: the catalog names
 * 127.0.0.1. Answers with what ends it; `dir` holds pids and logs.
 */
export async function bringApisToNodes(lab: Lab, dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true });
  const names = lab.nodes.map(({ name }) => `apis-${name}`);
  const stop = async (): Promise<void> => {
    await Promise.all(names.map((name) => stopProgram(dir, name, 'SIGTERM', 5)));
  };
  try {
    await Promise.all(lab.nodes.map(({ name, ns }) => serve(lab, dir, { name: `apis-${name}`, ns })));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function serve(
  lab: Lab,
  dir: string,
  { name, ns }: { readonly name: string; readonly ns: string },
): Promise<void> {
  const ways = lab.endpoints
    .map((url) => new URL(url))
    .flatMap(({ hostname, port }) => [hostname, port, hostname, port]);
  const command = [process.execPath, forwarder, '--dir', dir, ns, ...ways];
  await startProgram({ name, dir, command, lifetime: 'harness' });
  await waitFor(`the cloud's APIs answer in ${ns}`, 60, async () => {
    const dead = await whyDead(dir, name);
    if (dead !== undefined) throw new Error(dead);
    const codes = lab.endpoints.map((url) => {
      const curl = ['curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', url];
      return runCommand(inNamespace(ns, curl)).catch(() => '000');
    });
    return (await Promise.all(codes)).includes('000') ? undefined : true;
  });
}
