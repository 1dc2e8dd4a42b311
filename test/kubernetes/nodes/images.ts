import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { builtOnce } from '../built-once.ts';
import type { Progress } from '../wait.ts';

export const echoImage = 'octopool.test/echo:1';

/** Image archives that every node has from the start: what pods of tests run, and the sandbox of every pod. */
export async function ownImages(progress: Progress): Promise<readonly string[]> {
  const go = join(import.meta.dirname, '../go');
  const sources = ['build-images.sh', 'go.mod', 'echo', 'pause'].map((name) => join(go, name));
  const recipe = {
    name: 'images',
    sources,
    script: join(go, 'build-images.sh'),
    announcement: 'building the echo and pause images: once, half a minute',
    minutes: 15,
    size: 'small',
  } as const;
  const { dir } = await builtOnce(recipe, progress);
  const files = await readdir(dir);
  return files.filter((file) => file.endsWith('.tar')).map((file) => join(dir, file));
}
