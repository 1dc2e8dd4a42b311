import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { runCommand } from './command.ts';
import { type Progress, withHeartbeat } from './wait.ts';

/** Folder of this machine's cache for results of one kind; `OCTOPOOL_CACHE` moves it. */
export function cacheOf(kind: string): string {
  return join(process.env['OCTOPOOL_CACHE'] ?? join(homedir(), '.cache', 'octopool'), kind);
}

/** A folder that a script fills; it is there whole or not at all. */
export type Filling = {
  readonly dir: string;
  /** For the lines of progress: `building kubernetes`. */
  readonly what: string;
  /** Run with the folder to fill as its only argument. */
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly minutes: number;
};

/** Runs the script, unless another process was quicker. */
export async function fillOnce({ dir, what, script, env = {}, minutes }: Filling, progress: Progress): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  // A lock of the kernel's: of two suites that start together one builds, the other waits and finds the result.
  const steps = 'test -d "$2" || { rm -rf "$2.part"; "$1" "$2.part" && mv "$2.part" "$2"; }';
  const args = ['--pdeathsig', 'TERM', '--', 'flock', `${dir}.lock`, 'bash', '-c', steps, 'fill', script, dir];
  await withHeartbeat(what, progress, () => runCommand({ program: 'setpriv', args, env, seconds: minutes * 60 }));
  await rm(`${dir}.lock`, { force: true });
}

export async function isFilled(dir: string): Promise<boolean> {
  return access(dir).then(
    () => true,
    () => false,
  );
}

/** Names and contents of all of these files; folders are taken whole. */
export async function digestOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesBelow(source)) {
      const name = relative(dirname(source), file);
      hash
        .update(`${name}\0`)
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesBelow(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
