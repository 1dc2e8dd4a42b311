import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { adminClient } from './admin-client.ts';
import { kubernetesAssets } from './assets.ts';
import {
  apiserverCommand,
  auditPolicy,
  auditPolicyFile,
  controllerManagerCommand,
  egressConfig,
  egressConfigFile,
  etcdCommand,
  keysDir,
  type Layout,
  schedulerCommand,
} from './control-plane-commands.ts';
import { type ControlPlane, controlPlaneIn, stopControlPlane } from './control-plane-handle.ts';
import { freePorts } from './free-ports.ts';
import { makeKeys } from './keys.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { type Lifetime, runningPid, startProgram, whyDead } from './programs.ts';
import { type Progress, waitFor } from './wait.ts';

export type ControlPlaneOptions = {
  /** Where its state goes; a temporary folder, removed by stop(), unless said. A folder that holds state is taken up again. */
  readonly dir?: string;
  /** `real` adds the scheduler, all controllers and the flags that kubelets need; `objects` unless said. */
  readonly nodes?: 'objects' | 'real';
  readonly controllers?: 'few' | 'all';
  readonly scheduler?: 'off' | 'on';
  /** One JSON line per request in `<dir>/audit.log`. */
  readonly auditLog?: 'off' | 'on';
  /** `harness` unless said: it ends with this process. */
  readonly lifetime?: Lifetime;
  readonly progress?: Progress;
};

const attempts = 5;
const startSeconds = 120;
const layoutSchema = z.object({
  bin: z.string(),
  dir: z.string(),
  etcdPort: z.number(),
  apiPort: z.number(),
  nodes: z.enum(['objects', 'real']),
  controllers: z.enum(['few', 'all']),
  auditLog: z.enum(['off', 'on']),
});

/**
 * Starts etcd, kube-apiserver and kube-controller-manager (and kube-scheduler) on free loopback ports, and answers when
 * the API server is ready and the ServiceAccount `default` of the namespace `default` exists.
 * @throws Error with the end of its log when a program dies early, or when they are not ready within two minutes.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const assets = await kubernetesAssets(options.progress ?? (() => undefined));
  const temporary = options.dir === undefined;
  const dir = temporary ? await mkdtemp(join(tmpdir(), 'octopool-kubernetes-')) : resolve(options.dir ?? '');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await runningPid(dir, 'kube-apiserver')) !== undefined)
    throw new Error(`a control plane runs in ${dir} already`);
  const nodes = options.nodes ?? 'objects';
  const settings = {
    bin: assets.bin,
    dir,
    nodes,
    controllers: options.controllers ?? (nodes === 'real' ? 'all' : 'few'),
    auditLog: options.auditLog ?? 'off',
  } as const;
  const scheduler = options.scheduler ?? (nodes === 'real' ? 'on' : 'off');
  try {
    const layout = await startStorage(settings, options.lifetime ?? 'harness');
    await startControllers(layout, scheduler, options.lifetime ?? 'harness');
    return await controlPlaneIn(layout, temporary ? 'temporary' : 'given');
  } catch (error) {
    await stopControlPlane(dir);
    if (temporary) await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/** Takes a control plane in hand that was started with the lifetime `kept`; `undefined` when none runs there. */
export async function openControlPlane(dir: string): Promise<ControlPlane | undefined> {
  const folder = resolve(dir);
  if ((await runningPid(folder, 'kube-apiserver')) === undefined) return undefined;
  const layout = layoutSchema.parse(JSON.parse(await readFile(join(folder, 'layout.json'), 'utf8')));
  return controlPlaneIn(layout, 'given');
}

type Settings = Omit<Layout, 'etcdPort' | 'apiPort'>;

// Ports are chosen before they are bound: when another process was quicker, choose again.
async function startStorage(settings: Settings, lifetime: Lifetime): Promise<Layout> {
  for (let attempt = 1; ; attempt += 1) {
    const [etcdPort = 0, apiPort = 0] = await freePorts(2);
    const layout = { ...settings, etcdPort, apiPort };
    await writeFiles(layout);
    try {
      await startReady(layout, lifetime);
      return layout;
    } catch (error) {
      const clash = error instanceof Error && error.message.includes('address already in use');
      if (!clash || attempt === attempts) throw error;
      await stopControlPlane(settings.dir);
    }
  }
}

async function startReady(layout: Layout, lifetime: Lifetime): Promise<void> {
  const { dir, etcdPort, apiPort } = layout;
  const alive = (...names: readonly string[]) => refuseDead(dir, names);
  await startProgram({ name: 'etcd', dir, command: etcdCommand(layout), lifetime });
  // Without this wait the API server's first connections fail, and it backs off.
  await waitFor('etcd accepts connections', startSeconds, async () => {
    await alive('etcd');
    return accepts(etcdPort);
  });
  await startProgram({ name: 'kube-apiserver', dir, command: apiserverCommand(layout), lifetime });
  const request = await adminClient(`https://127.0.0.1:${apiPort}`, keysDir(dir));
  await waitFor('kube-apiserver is ready', startSeconds, async () => {
    await alive('etcd', 'kube-apiserver');
    const answer = await request('GET', '/readyz').catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
}

async function startControllers(layout: Layout, scheduler: 'off' | 'on', lifetime: Lifetime): Promise<void> {
  const { dir, apiPort } = layout;
  const name = 'kube-controller-manager';
  await startProgram({ name, dir, command: controllerManagerCommand(layout), lifetime });
  if (scheduler === 'on')
    await startProgram({ name: 'kube-scheduler', dir, command: schedulerCommand(layout), lifetime });
  const request = await adminClient(`https://127.0.0.1:${apiPort}`, keysDir(dir));
  // The default ServiceAccount is the first thing that a pod needs, and says that the controllers work.
  await waitFor('the default ServiceAccount exists', startSeconds, async () => {
    await refuseDead(dir, scheduler === 'on' ? [name, 'kube-scheduler'] : [name]);
    const answer = await request('GET', '/api/v1/namespaces/default/serviceaccounts/default').catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
}

async function writeFiles(layout: Layout): Promise<void> {
  const { dir, apiPort } = layout;
  const keys = keysDir(dir);
  if ((await readFile(join(keys, 'sa.pub')).catch(() => undefined)) === undefined) await makeKeys(keys);
  const server = `https://127.0.0.1:${apiPort}`;
  for (const name of ['admin', 'kube-controller-manager', 'kube-scheduler']) {
    const path = join(dir, name === 'admin' ? 'kubeconfig' : `${name}.kubeconfig`);
    await writeKubeconfig({ path, server, keys, identity: { kind: 'certificate', name } });
  }
  await writeFile(join(dir, 'layout.json'), JSON.stringify(layout));
  await writeFile(egressConfigFile(dir), stringify(egressConfig(dir)));
  await writeFile(auditPolicyFile(dir), stringify(auditPolicy));
}

async function refuseDead(dir: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const why = await whyDead(dir, name);
    if (why !== undefined) throw new Error(why);
  }
}

function accepts(port: number): Promise<true | undefined> {
  const { promise, resolve } = Promise.withResolvers<true | undefined>();
  const socket = connect({ port, host: '127.0.0.1', timeout: 1000 }, () => resolve(true));
  socket.once('error', () => resolve(undefined)).once('timeout', () => resolve(undefined));
  return promise.finally(() => socket.destroy());
}
