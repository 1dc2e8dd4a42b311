import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import type { ApiserverProxy } from './apiserver-proxy.ts';

/** A copy of a kubeconfig that leads to the proxy, in a folder of its own below the control plane's; answers with its path. */
export async function kubeconfigThrough(of: {
  readonly proxy: ApiserverProxy;
  readonly controlPlane: Pick<ControlPlane, 'dir' | 'url'>;
  readonly kubeconfig: string;
  readonly folder: string;
}): Promise<string> {
  const dir = join(of.controlPlane.dir, of.folder);
  await mkdir(dir, { recursive: true });
  const text = await readFile(of.kubeconfig, 'utf8');
  if (!text.includes(of.controlPlane.url)) throw new Error(`${of.kubeconfig} does not lead to ${of.controlPlane.url}`);
  const path = join(dir, 'kubeconfig');
  await writeFile(path, text.replaceAll(of.controlPlane.url, of.proxy.url), { mode: 0o600 });
  return path;
}
