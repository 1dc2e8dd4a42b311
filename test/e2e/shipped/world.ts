import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startControlPlane } from '../../kubernetes/control-plane.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { echoImage } from '../../kubernetes/nodes/images.ts';
import { type Nodes, startNodes } from '../../kubernetes/nodes/start-nodes.ts';
import { buildOctopoolImage } from '../../image/octopool-image.ts';
import { type CloudView, cloudView } from '../../openstack/cloud-view.ts';
import { labNetwork } from '../../openstack/lab-network.ts';
import { type Lab, openLab } from '../../openstack/lab.ts';
import { bringApisToNodes } from '../../openstack/loopback.ts';
import { hostRoute, list, namespace, nodePortService } from '../../support/manifests.ts';
import { type Shipped, shipped } from '../../support/shipped.ts';
import { type End, endedInOrder } from '../support/ended-in-order.ts';

/** A cloud, a cluster on its machines, the shipped image on every node, and a Service of a team with its Pod. */
export interface World {
  readonly lab: Lab;
  readonly view: CloudView;
  readonly cluster: ControlPlane;
  readonly nodes: Nodes;
  readonly octopool: Shipped;
  /** Ends all but the lab; a second time it does nothing. */
  stop(): Promise<void>;
}

export function openWorld(progress: (line: string) => void): Promise<World> {
  return endedInOrder((ends) => start(progress, ends));
}

async function start(progress: (line: string) => void, ends: End[]): Promise<Omit<World, 'stop'>> {
  const image = await buildOctopoolImage(progress);
  const lab = await openLab({ nodes: 3, progress });
  const view = cloudView(lab);
  ends.push(() => view.close());
  const cluster = await startControlPlane({ nodes: 'real', auditLog: 'on', progress });
  ends.push(() => cluster.stop());
  const nodes = await startNodes(cluster, { network: await labNetwork(lab), progress });
  ends.push(() => nodes.stop());
  await nodes.importImage(image);
  const apis = join(cluster.dir, 'apis');
  await mkdir(apis, { recursive: true });
  ends.push(await bringApisToNodes(lab, apis));
  await cluster.kubectl(['apply', '-f', '-'], list([namespace('edge'), namespace('team-a'), echo, service]));
  await cluster.kubectl(['rollout', 'status', 'deployment/shop', '-n', 'team-a', '--timeout=55s']);
  return { lab, view, cluster, nodes, octopool: shipped(cluster) };
}

const service = nodePortService({ namespace: 'team-a', name: 'shop' });
const echo = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', namespace: 'team-a' },
  spec: {
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: {
        terminationGracePeriodSeconds: 2,
        containers: [
          {
            name: 'echo',
            image: echoImage,
            env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
            readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};

/** A hostname for the team's Service, by which the cloud's calls are told apart. */
export function routeTo(name: string) {
  return hostRoute({
    namespace: 'team-a',
    name,
    host: `${name}.example.com`,
    service: 'shop',
    balancer: 'public',
    balancerNamespace: 'edge',
  });
}
