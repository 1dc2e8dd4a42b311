import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram, stopProgram, whyDead } from '../../kubernetes/programs.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import type { Command } from '../../fake-openstack/commands.ts';
import { sendCommand } from '../../fake-openstack/remote-control.ts';

/** The fake OpenStack in a process of its own, so that an operator that is killed leaves it standing. */
export interface FakeProcess {
  readonly cloudsYaml: string;
  readonly accessLog: string;
  do(what: Command): Promise<unknown>;
  stop(): Promise<void>;
}

const name = 'fake-openstack';

export async function startFakeProcess(dir: string): Promise<FakeProcess> {
  const main = join(import.meta.dirname, '../../fake-openstack/main.ts');
  await startProgram({ name, dir, command: [process.execPath, main, '--dir', dir], lifetime: 'harness' });
  const url = await waitFor('the fake OpenStack listens', 60, async () => {
    const dead = await whyDead(dir, name);
    if (dead !== undefined) throw new Error(dead);
    const text = await readFile(join(dir, 'ready'), 'utf8').catch(() => '');
    return text === '' ? undefined : text;
  });
  return {
    cloudsYaml: join(dir, 'clouds.yaml'),
    accessLog: join(dir, 'access.log'),
    do: (what) => sendCommand(url, what),
    stop: () => stopProgram(dir, name, 'SIGTERM', 20),
  };
}
