import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labState } from './lab.ts';

/** What Octavia rendered for a balancer and its amphorae run with, byte for byte. */

const machines = join(labState, 'dp/amp');

/** haproxy.cfg of each amphora of a load balancer. */
export function haproxyConfigs(loadBalancer: string): Promise<readonly string[]> {
  return onEveryMachine(join('varlib', loadBalancer, 'haproxy.cfg'));
}

/** keepalived's configuration of a UDP or SCTP listener, from each amphora. */
export function virtualServers(listener: string): Promise<readonly string[]> {
  return onEveryMachine(join('varlib/lvs', `octavia-keepalivedlvs-${listener}.conf`));
}

async function onEveryMachine(file: string): Promise<readonly string[]> {
  const names = await readdir(machines);
  const found = await Promise.all(names.map((name) => readFile(join(machines, name, file), 'utf8').catch(() => '')));
  return found.filter((text) => text !== '');
}

/** The lines below the first header that starts so (`frontend <listener>`, `backend <pool>`), without indentation; empty when there is none. */
export function section(config: string, header: string): readonly string[] {
  const lines = config.split('\n');
  const start = lines.findIndex((line) => line.startsWith(header));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
