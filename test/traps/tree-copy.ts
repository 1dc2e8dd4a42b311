import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Trap, withoutHandling } from './trap.ts';

/** The tree once more, in a folder that is thrown away. */
export interface TreeCopy {
  readonly root: string;
  /** Takes a handling out while `work` runs. */
  without<T>(change: Trap['change'], work: () => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

const notCopied: ReadonlySet<string> = new Set(['.git', '.octopool', 'node_modules', 'build', 'dist']);
/** Of the workspaces: its link has to lead to the copy. */
const ownPackage = 'openstack-sdk-lite';

export async function copyTree(from: string): Promise<TreeCopy> {
  const root = await mkdtemp(join(tmpdir(), 'octopool-traps-'));
  await cp(from, root, { recursive: true, filter: (path) => !notCopied.has(relative(from, path)) });
  await mkdir(join(root, 'node_modules'));
  for (const name of await readdir(join(from, 'node_modules'))) {
    const target = name === ownPackage ? join('..', name) : join(from, 'node_modules', name);
    await symlink(target, join(root, 'node_modules', name));
  }
  return {
    root,
    without: async (change, work) => {
      const path = join(root, change.file);
      const before = await readFile(path, 'utf8');
      await writeFile(path, withoutHandling(before, change));
      try {
        return await work();
      } finally {
        await writeFile(path, before);
      }
    },
    remove: () => rm(root, { recursive: true }),
  };
}
