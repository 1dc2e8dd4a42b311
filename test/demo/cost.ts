import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logPosition, octaviaCalls, callsSince, type Call } from '../openstack/access-log.ts';
import { settled } from '../support/settled.ts';
import { userAgent } from '../../operator/version.ts';
import type { World } from './world.ts';

const callsFolder = join(import.meta.dirname, '../../build/demo-calls');

export interface Cost {
  readonly calls: readonly Call[];
  readonly writes: number;
  readonly reads: number;
  /** From the change until everything was Ready; the quiet seconds after it are not counted. */
  readonly seconds: number;
}

/** What a change cost, counted by the cloud: until everything is Ready and five seconds passed without a write. */
export async function costOf(
  act: string,
  { controlPlane, lab, view, operator }: World,
  change: () => Promise<unknown>,
): Promise<Cost> {
  const since = await logPosition(lab.accessLog);
  const began = Date.now();
  await change();
  const calls = await settled({
    controlPlane,
    view,
    accessLog: lab.accessLog,
    since,
    agent: userAgent,
    operatorPort: operator.port,
  });
  await writeCalls(act, calls);
  return { ...counted(calls), seconds: secondsUntilQuiet(calls, began) };
}

/** build/demo-calls/<act>.txt: every call of an act, for whoever wonders at its count. */
async function writeCalls(act: string, calls: readonly Call[]): Promise<void> {
  await mkdir(callsFolder, { recursive: true });
  const lines = calls.map(({ at, method, path, status, service }) =>
    [new Date(at).toISOString(), service, method, path, status].join(' '),
  );
  await writeFile(join(callsFolder, `${act}.txt`), `${lines.join('\n')}\n`);
}

/** Everything that was called since a position of the log. */
export async function costSince({ lab }: World, since: number): Promise<Omit<Cost, 'seconds'>> {
  return counted(await callsSince(lab.accessLog, since, userAgent));
}

function counted(calls: readonly Call[]): Omit<Cost, 'seconds'> {
  const { writes, reads } = octaviaCalls(calls);
  return { calls, writes: writes.length, reads: reads.length };
}

/** The last call of a change is the look that found everything in place. */
function secondsUntilQuiet(calls: readonly Call[], began: number): number {
  const last = calls.at(-1)?.at ?? began;
  return Math.max(Math.round((last - began) / 100) / 10, 0);
}
