import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, tryCommand } from '../command.ts';
import { inNamespace } from './in-namespace.ts';
import type { NodesRecord } from './nodes-record.ts';

/** Paths below `/proc/sys` of what a kubelet sets on the whole machine, whatever namespace it runs in. */
export const kubeletSettings = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
] as const;

/** What these settings are now. One that this kernel does not have is left out. */
export async function readKernelSettings(): Promise<Readonly<Record<string, string>>> {
  const read = kubeletSettings.map(async (name) => {
    const value = await readFile(join('/proc/sys', name), 'utf8').catch(() => undefined);
    return [name, value?.trim()] as const;
  });
  return Object.fromEntries(
    (await Promise.all(read)).filter((entry): entry is [never, string] => entry[1] !== undefined),
  );
}

/** The settings to go back to: those of before the first kubelet, when other nodes run already. */
export async function settingsBefore(others: readonly NodesRecord[]): Promise<Readonly<Record<string, string>>> {
  return others[0]?.settings ?? readKernelSettings();
}

/** Puts the machine's settings back, unless other nodes still run on it. */
export async function restoreSettings(settings: Readonly<Record<string, string>>, others: number): Promise<void> {
  if (others > 0) return;
  const now = await readKernelSettings();
  for (const [name, value] of Object.entries(settings)) {
    if (now[name] !== value) await writeFile(join('/proc/sys', name), value);
  }
}

/** Lets a namespace forward packets; answers with the value of before. */
export async function forwardPackets(namespace: string): Promise<string> {
  const before = await runCommand(inNamespace(namespace, ['sysctl', '-n', 'net.ipv4.ip_forward']));
  await runCommand(inNamespace(namespace, ['sysctl', '-qw', 'net.ipv4.ip_forward=1']));
  return before.trim();
}

export async function restoreForwarding(namespace: string, value: string): Promise<void> {
  await tryCommand(inNamespace(namespace, ['sysctl', '-qw', `net.ipv4.ip_forward=${value}`]));
}
