import { mkdir, readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheOf, digestOf, fillOnce, isFilled } from './cache.ts';
import { runCommand } from './command.ts';
import type { Progress } from './wait.ts';

const oldestGo = 25; // Kubernetes 1.35 needs Go 1.25
const neededMemory = 3 << 20; // KiB; the linker takes 2.4 GiB
const neededDisk = 4; // GiB; module cache 0.6, build cache 3.2

/** Something that is built from Go sources of ours at most once per machine. */
export type Recipe = {
  /** Folder below the cache: `<cache>/<name>/<key>`. */
  readonly name: string;
  /** All of these files (folders are taken whole) and the Go version make the key. */
  readonly sources: readonly string[];
  /** Run with the folder to fill as its only argument. */
  readonly script: string;
  /** One sentence before a build: what, and how long. */
  readonly announcement: string;
  readonly minutes: number;
  readonly size: 'small' | 'huge';
};

export type Built = { readonly dir: string; readonly source: 'cache' | 'built' };

/**
 * Finds the result in the cache, or builds it there.
 * @throws Error in one sentence, when it has to be built and this machine cannot: no Go, too little memory or disk.
 */
export async function builtOnce(recipe: Recipe, progress: Progress): Promise<Built> {
  const sources = await digestOf(recipe.sources);
  const cache = cacheOf(recipe.name);
  const go = await goVersion();
  if (go === undefined) return withoutGo(recipe, cache, sources);
  const dir = join(cache, `${sources}-go${go}-${process.arch}`);
  if (await isFilled(dir)) return { dir, source: 'cache' };
  await checkMachine(recipe, go);
  progress(recipe.announcement);
  await fillOnce({ dir, what: `building ${recipe.name}`, script: recipe.script, minutes: recipe.minutes }, progress);
  return { dir, source: 'built' };
}

async function withoutGo(recipe: Recipe, cache: string, sources: string): Promise<Built> {
  const entries = await readdir(cache).catch(() => []);
  const found = entries.find((entry) => entry.startsWith(`${sources}-`) && entry.endsWith(`-${process.arch}`));
  if (found !== undefined) return { dir: join(cache, found), source: 'cache' };
  throw new Error(
    `Go is needed to build ${recipe.name} once: install Go 1.${oldestGo} or newer and put it on the PATH.`,
  );
}

async function goVersion(): Promise<string | undefined> {
  const line = await runCommand({ program: 'go', args: ['env', 'GOVERSION'] }).catch(() => '');
  return /^go(\d+\.\d+(?:\.\d+)?)/.exec(line)?.[1];
}

async function checkMachine(recipe: Recipe, go: string): Promise<void> {
  const minor = Number(go.split('.')[1]);
  if (go.startsWith('1.') && minor < oldestGo) {
    throw new Error(`Go ${go} is too old to build ${recipe.name}: install Go 1.${oldestGo} or newer.`);
  }
  if (recipe.size === 'small') return;
  const memory = Number(/MemAvailable:\s+(\d+)/.exec(await readFile('/proc/meminfo', 'utf8'))?.[1] ?? 0);
  if (memory < neededMemory) {
    throw new Error(`Building ${recipe.name} needs 3 GiB of free memory; ${Math.floor(memory / 1024)} MiB are free.`);
  }
  const goCache = (await runCommand({ program: 'go', args: ['env', 'GOCACHE'] })).trim();
  await mkdir(goCache, { recursive: true });
  const disk = await statfs(goCache);
  const freeDisk = (disk.bavail * disk.bsize) / 2 ** 30;
  if (freeDisk < neededDisk) {
    throw new Error(
      `Building ${recipe.name} needs ${neededDisk} GiB of free disk; ${freeDisk.toFixed(1)} GiB are free at ${goCache}.`,
    );
  }
}
