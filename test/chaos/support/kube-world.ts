import { join } from 'node:path';
import { type FakeOpenStack, startFakeOpenStack } from '../../fake-openstack/fake-openstack.ts';
import { startControlPlane } from '../../kubernetes/control-plane.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { freePorts } from '../../kubernetes/free-ports.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { installOctopool } from '../../support/install.ts';
import { hostRoute, list, namespace, nodePortService, sharedBalancer } from '../../support/manifests.ts';
import { registerNode } from '../../support/node-objects.ts';
import type { OperatorProcessOptions } from '../../support/operator-process.ts';
import { apiserverProxy, type ApiserverProxy } from './apiserver-proxy.ts';
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
  const { kubectl } = cluster;
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
    addRoute: async (name) => {
      const of = { namespace: 'team-a', name, service: name, host: `${name}.example.com` };
      const objects = [nodePortService(of), hostRoute({ ...of, balancer: 'public', balancerNamespace: 'edge' })];
      await kubectl(['apply', '-f', '-'], list(objects));
    },
    removeRoute: async (name) => {
      await kubectl(['delete', `svcr/${name}`, `service/${name}`, '-n', 'team-a']);
    },
    routeIs: (name, ready) =>
      waitFor(`route ${name} is Ready=${ready}`, 100, async () => {
        const path =
          'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].reason}';
        const [status, reason = ''] = (await kubectl(['get', 'svcr', name, '-n', 'team-a', '-o', path])).split(' ');
        return status === ready ? reason : undefined;
      }),
    allReady: async () => {
      await waitFor('the balancer and its routes are Ready', 100, async () => {
        const path =
          'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {.metadata.generation} {.status.observedGeneration}{"\\n"}{end}';
        const lines = (await kubectl(['get', 'sbal,svcr', '-A', '-o', path])).trim().split('\n');
        return lines.every((line) => isReady(line.split(' '))) ? true : undefined;
      });
    },
    passDone: async () => {
      minutes += 1;
      const spec = { sync: { interval: `${minutes}m` } };
      await kubectl(['patch', 'sbal', 'public', '-n', 'edge', '--type=merge', '-p', JSON.stringify({ spec })]);
      await waitFor('a pass has ended', 100, async () => {
        const path = 'jsonpath={.metadata.generation} {.status.observedGeneration}';
        const [generation, observed] = (await kubectl(['get', 'sbal', 'public', '-n', 'edge', '-o', path])).split(' ');
        return generation === observed ? true : undefined;
      });
    },
    stop: async () => {
      await proxy.close();
      await cluster.stop();
      await fake.stop();
    },
  };
}

function isReady([ready, generation, observed]: readonly string[]): boolean {
  return ready === 'True' && generation === observed;
}

/** Writes that the cloud was asked for since a position in its calls: `POST /v2/lbaas/pools`, ids left out. */
export function writesSince({ calls }: FakeOpenStack, position: number): readonly string[] {
  return calls
    .slice(position)
    .filter(({ service, method }) => service !== 'keystone' && method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')}`);
}
