import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Shape } from './shapes.ts';

const child = join(import.meta.dirname, 'memory-child.ts');

/** Of a process of its own that holds a shape in the operator's caches and has decided on each of its balancers once. */
export async function residentMiB({ routes, balancers }: Shape): Promise<number> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', child, String(routes), String(balancers)],
    { timeout: 180_000 },
  );
  const bytes = Number(stdout.trim());
  if (!Number.isInteger(bytes) || bytes <= 0) throw new Error(`no number of bytes: ${stdout}`);
  return Math.round(bytes / 1024 / 1024);
}
