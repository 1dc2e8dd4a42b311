import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTimeOf } from './start-time.ts';
import { waitFor } from './wait.ts';

/** `harness`: the kernel kills the program when the process that started it ends, however that ends. `kept`: it stays. */
export type Lifetime = 'harness' | 'kept';

/** A server of ours. Its log is `<dir>/<name>.log`, its pid and start time are in `<dir>/<name>.pid`. */
export type Program = {
  readonly name: string;
  readonly dir: string;
  readonly command: readonly string[];
  readonly lifetime: Lifetime;
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a program in the background; answers once its pid is written down. It may still die: see whyDead. */
export async function startProgram(program: Program): Promise<void> {
  const { name, dir, lifetime } = program;
  // Parent-death signal instead of exit handlers: it also works in test sandboxes, and when the harness is killed.
  const command =
    lifetime === 'harness' ? ['setpriv', '--pdeathsig', 'KILL', '--', ...program.command] : program.command;
  const [file = '', ...args] = command;
  const log = openSync(join(dir, `${name}.log`), 'a', 0o600);
  const child = spawn(file, args, {
    stdio: ['ignore', log, log],
    detached: true,
    env: { ...process.env, ...program.env },
  });
  closeSync(log);
  child.unref();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once('spawn', resolve).once('error', reject);
  await promise;
  const pid = child.pid ?? 0;
  await writeFile(join(dir, `${name}.pid`), `${pid} ${(await startTimeOf(pid)) ?? 'ended'}`);
}

/** Tells why a program is not running, with the end of its log; `undefined` when it runs. */
export async function whyDead(dir: string, name: string): Promise<string | undefined> {
  if ((await runningPid(dir, name)) !== undefined) return undefined;
  const log = await readFile(join(dir, `${name}.log`), 'utf8').catch(() => '(no log)');
  return `${name} ended early; its last words:\n${log.trimEnd().split('\n').slice(-8).join('\n')}`;
}

/**
 * Sends `signal` to a program and waits until it is gone, with SIGKILL after `seconds`.
 * Does nothing when the pid is gone or belongs to another program by now.
 */
export async function stopProgram(
  dir: string,
  name: string,
  signal: 'SIGTERM' | 'SIGKILL',
  seconds = 10,
): Promise<void> {
  const pid = await runningPid(dir, name);
  if (pid !== undefined) {
    process.kill(pid, signal);
    const gone = async () => ((await runningPid(dir, name)) === undefined ? true : undefined);
    await waitFor(`end of ${name}`, seconds, gone).catch(async () => {
      process.kill(pid, 'SIGKILL');
      await waitFor(`end of killed ${name}`, 10, gone);
    });
  }
  await rm(join(dir, `${name}.pid`), { force: true });
}

/** The pid of a program that still runs. A zombie counts as gone; so does a pid that is another process's by now. */
export async function runningPid(dir: string, name: string): Promise<number | undefined> {
  const [pid = '', started] = (await readFile(join(dir, `${name}.pid`), 'utf8').catch(() => '')).split(' ');
  return started !== undefined && (await startTimeOf(Number(pid))) === started ? Number(pid) : undefined;
}
