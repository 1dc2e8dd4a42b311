import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import type { ApiserverProxy } from './apiserver-proxy.ts';

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.string() }) })]),
  users: z.tuple([z.looseObject({ user: z.object({ token: z.string() }) })]),
});

/** A copy of a kubeconfig that leads to the proxy and has its token in a file, as a Pod has it. */
export interface KubeconfigThrough {
  readonly path: string;
  readonly tokenFile: string;
}

/** In a folder of its own below the control plane's. */
export async function kubeconfigThrough(of: {
  readonly proxy: ApiserverProxy;
  readonly controlPlane: Pick<ControlPlane, 'dir'>;
  readonly kubeconfig: string;
  readonly folder: string;
}): Promise<KubeconfigThrough> {
  const dir = join(of.controlPlane.dir, of.folder);
  await mkdir(dir, { recursive: true });
  const { clusters, users, ...rest } = kubeconfigSchema.parse(parse(await readFile(of.kubeconfig, 'utf8')));
  const [path, tokenFile] = [join(dir, 'kubeconfig'), join(dir, 'token')];
  await writeFile(tokenFile, users[0].user.token, { mode: 0o600 });
  const config = {
    ...rest,
    clusters: [{ ...clusters[0], cluster: { ...clusters[0].cluster, server: of.proxy.url } }],
    users: [{ ...users[0], user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } } }],
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
  return { path, tokenFile };
}

/** Another token of the operator's account, as the kubelet gets one before the old one ends. */
export async function freshToken({ serviceAccountKubeconfig }: ControlPlane): Promise<string> {
  const path = await serviceAccountKubeconfig('octopool-system', 'octopool-operator');
  return kubeconfigSchema.parse(parse(await readFile(path, 'utf8'))).users[0].user.token;
}
