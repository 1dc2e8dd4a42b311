import { join } from 'node:path';
import { type FakeOpenStack, startFakeOpenStack } from '../../fake-openstack/fake-openstack.ts';
import { startControlPlane } from '../../kubernetes/control-plane.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { freePorts } from '../../kubernetes/free-ports.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { installOctopool } from '../../support/install.ts';
import { list, namespace, sharedBalancer } from '../../support/manifests.ts';
import { registerNode } from '../../support/node-objects.ts';
import type { OperatorProcessOptions } from '../../support/operator-process.ts';
import { apiserverProxy, type ApiserverProxy } from './apiserver-proxy.ts';
import {
  changeSpec,
  createRoute,
  deleteRoute,
  publicBalancer,
  read,
  readAll,
  readyOf,
  routePath,
} from './kube-objects.ts';
import { kubeconfigThrough } from './kubeconfig-through.ts';

/** A real control plane behind a proxy, a cloud, and a balancer with two routes on three nodes that nobody works on yet. */
export interface KubeWorld {
  readonly cluster: ControlPlane;
  readonly proxy: ApiserverProxy;
  readonly fake: FakeOpenStack;
  /** Of the operator's own account, past the proxy. */
  readonly kubeconfig: string;
  /** For an operator behind the proxy, in a folder of its own. */
  readonly operatorOptions: (folder: string) => Promise<OperatorProcessOptions>;
  readonly addRoute: (name: string) => Promise<void>;
  /** Deletes the route and its Service. */
  readonly removeRoute: (name: string) => Promise<void>;
  /** Waits until the condition Ready of a route says so. Answers with its reason. */
  readonly routeIs: (name: string, ready: 'True' | 'False') => Promise<string>;
  /** Waits until the balancer and all routes are Ready as they are now. */
  readonly allReady: () => Promise<void>;
  /** Waits until a pass that began after this call has ended: by a change of the balancer that the cloud does not see. */
  readonly passDone: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const firstRoutes = ['shop', 'mail'] as const;
/** By label, so that a pass depends on namespaces too. */
const attachment = { from: 'Selector', selector: { matchLabels: { edge: 'public' } }, undelegated: 'FirstClaim' };
const addresses = ['10.10.0.11', '10.10.0.12', '10.10.0.13'];

export async function kubeWorld(): Promise<KubeWorld> {
  const fake = await startFakeOpenStack();
  const cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  const proxy = await apiserverProxy(cluster);
  const kubeconfig = await installOctopool(cluster);
  fake.do({ do: 'node-ports', project: 'tenant-a', addresses });
  for (const [at, ip] of addresses.entries()) await registerNode(cluster, { name: `node-${at + 1}`, ip });
  const world = worldOf({ cluster, proxy, fake, kubeconfig });
  await cluster.kubectl(['apply', '-f', '-'], list([namespace('edge'), namespace('team-a')]));
  await cluster.kubectl(['label', 'namespace', 'team-a', 'edge=public']);
  for (const name of firstRoutes) await world.addRoute(name);
  await cluster.kubectl(
    ['apply', '-f', '-'],
    list([sharedBalancer({ namespace: 'edge', name: 'public', spec: { attachment } })]),
  );
  return world;
}

type Parts = Pick<KubeWorld, 'cluster' | 'proxy' | 'fake' | 'kubeconfig'>;

function worldOf({ cluster, proxy, fake, kubeconfig }: Parts): KubeWorld {
  let minutes = 5;
  return {
    cluster,
    proxy,
    fake,
    kubeconfig,
    operatorOptions: async (folder) => {
      const through = await kubeconfigThrough({ proxy, controlPlane: cluster, kubeconfig, folder });
      const dir = join(cluster.dir, folder);
      const [port = 0] = await freePorts(1);
      return { dir, kubeconfig: through.path, cloudsYaml: await fake.writeCloudsYaml(dir), cloud: 'tenant-a', port };
    },
    addRoute: (name) => createRoute(cluster, name),
    removeRoute: (name) => deleteRoute(cluster, name),
    routeIs: (name, ready) =>
      waitFor(`route ${name} is Ready=${ready}`, 100, async () => {
        const condition = readyOf(await read(cluster, routePath(name)));
        return condition?.status === ready ? condition.reason : undefined;
      }),
    allReady: async () => {
      await waitFor('the balancer and its routes are Ready', 100, async () => {
        const all = await readAll(cluster);
        return all.every((one) => readyOf(one)?.status === 'True') ? true : undefined;
      });
    },
    passDone: async () => {
      minutes += 1;
      await changeSpec(cluster, publicBalancer, { sync: { interval: `${minutes}m` } });
      await waitFor('a pass has ended', 100, async () =>
        readyOf(await read(cluster, publicBalancer)) === undefined ? undefined : true,
      );
    },
    stop: async () => {
      await proxy.close();
      await cluster.stop();
      await fake.stop();
    },
  };
}

/** Writes that the cloud was asked for since a position in its calls: `POST /v2/lbaas/pools`, ids left out. */
export function writesSince({ calls }: FakeOpenStack, position: number): readonly string[] {
  return calls
    .slice(position)
    .filter(({ service, method }) => service !== 'keystone' && method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}`);
}
