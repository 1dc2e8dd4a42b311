import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedTest } from './trap.ts';
import { type Results, resultsSchema } from './verdict.ts';

/** Runs these tests and no others of a tree, in one jest. Throws when jest says nothing, or not within ten minutes. */
export async function runTests(root: string, tests: readonly NamedTest[], stop: AbortSignal): Promise<Results> {
  const dir = await mkdtemp(join(root, 'results-'));
  const outputFile = join(dir, 'results.json');
  const names = [...new Set(tests.map(({ name }) => escaped(name)))];
  const { code, said } = await ended(root, stop, [
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    ...new Set(tests.map(({ project }) => project)),
    `--testNamePattern=^(${names.join('|')})$`,
    '--json',
    `--outputFile=${outputFile}`,
    '--silent',
    '--maxWorkers=2',
    // of tests that name none; without its handling a trap may have one wait for ever
    '--testTimeout=60000',
    // beside the copy, so that it goes with it
    `--cacheDirectory=${join(root, 'jest-cache')}`,
    '--runTestsByPath',
    ...new Set(tests.map(({ file }) => file)),
  ]);
  try {
    return resultsSchema.parse(JSON.parse(await readFile(outputFile, 'utf8')));
  } catch (cause) {
    throw new Error(`jest ended with ${code} and wrote no results: ${said.slice(-2_000)}`, { cause });
  } finally {
    await rm(dir, { recursive: true });
  }
}

const deadlineMs = 600_000;

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function ended(cwd: string, stop: AbortSignal, args: readonly string[]): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const child = spawn(process.execPath, ['--experimental-vm-modules', ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]),
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + String(chunk)).slice(-10_000);
  });
  child.once('error', reject);
  child.once('close', (code) => resolve({ code, said }));
  return promise;
}

function escaped(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
