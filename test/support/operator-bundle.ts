import { join } from 'node:path';
import { cacheOf, digestOf, fillOnce, isFilled } from '../kubernetes/cache.ts';

const repository = join(import.meta.dirname, '../..');
const sources = ['operator', 'openstack-sdk-lite', 'package.json', 'package-lock.json'];

let found: Promise<string> | undefined;

/** Path of the operator as one file, as the image ships it. Made once of the sources as they are: so it starts with a quarter of the work. */
export function operatorBundle(): Promise<string> {
  found ??= bundled();
  return found;
}

async function bundled(): Promise<string> {
  const digest = await digestOf(sources.map((name) => join(repository, name)));
  const dir = join(cacheOf('bundle'), digest);
  const script = join(import.meta.dirname, 'bundle.sh');
  if (!(await isFilled(dir)))
    await fillOnce({ dir, what: 'bundling the operator', script, minutes: 5 }, () => undefined);
  return join(dir, 'octopool.mjs');
}
