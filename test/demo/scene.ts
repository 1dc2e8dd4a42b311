import { echoImage } from '../kubernetes/nodes/images.ts';
import { hostRoute, type Manifest, namespace, nodePortService, sharedBalancer } from '../support/manifests.ts';

/** One team's Service, with one Pod behind it and a hostname of its own. */
export interface Shop {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
}

export const balancer = { namespace: 'edge', name: 'public' };

/** Ten Services for each of five teams. */
export const shops: readonly Shop[] = Array.from({ length: 50 }, (_, at) => {
  const number = String(at + 1).padStart(2, '0');
  const team = `team-${'abcde'[at % 5]}`;
  return { namespace: team, name: `shop-${number}`, host: `shop-${number}.${team}.example.com` };
});

export function namespaces(): readonly Manifest[] {
  return [...new Set([balancer.namespace, ...shops.map((shop) => shop.namespace)])].map(namespace);
}

/** One Deployment of the echo program; its labels and declared ports where they are not the usual ones. */
export function workload(
  { namespace: team, name }: Shop,
  of: { readonly labels?: Readonly<Record<string, string>>; readonly ports?: readonly Manifest[] } = {},
): Manifest {
  const { labels = { app: name }, ports = [] } = of;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: team },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: 'echo',
              image: echoImage,
              ports,
              env: [
                { name: 'POD_NAME', ...fieldOf('metadata.name') },
                { name: 'POD_NAMESPACE', ...fieldOf('metadata.namespace') },
                { name: 'HTTP_PORTS', value: '8080,8081' },
              ],
              readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 2 },
            },
          ],
        },
      },
    },
  };
}

export function serviceOf(shop: Shop): Manifest {
  return nodePortService(shop);
}

export function routeTo(
  { namespace: team, name }: Shop,
  route: { readonly name: string; readonly host: string },
): Manifest {
  return hostRoute({
    namespace: team,
    name: route.name,
    host: route.host,
    service: name,
    balancer: balancer.name,
    balancerNamespace: balancer.namespace,
  });
}

export function theBalancer(): Manifest {
  return sharedBalancer({ ...balancer, spec: { defaults: { backendPolicy: { maxNodes: 2 } } } });
}

function fieldOf(path: string): Manifest {
  return { valueFrom: { fieldRef: { fieldPath: path } } };
}
