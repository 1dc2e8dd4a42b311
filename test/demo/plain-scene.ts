import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../support/manifests.ts';
import { balancer, type Shop, shops, workload } from './scene.ts';

/** What a cluster already has: Services and an Ingress, written for no operator in particular. */

/** A cloud's tutorial, word for word, its mistakes included. */
export const tutorial = readFileSync(join(import.meta.dirname, 'tutorial.yaml'), 'utf8');

const [first, second, third] = shops as readonly [Shop, Shop, Shop, ...Shop[]];

/** Pods that the tutorial's selector matches, and that declare one or both of the ports that it names. */
export function tutorialPods(declares: 'http' | 'both'): Manifest {
  const names = declares === 'http' ? ['http'] : ['http', 'httpn'];
  return workload(
    { namespace: 'default', name: 'nginx', host: '' },
    {
      labels: { 'k8-app': 'nginx-backend' },
      ports: names.map((name, at) => ({ name, containerPort: 8080 + at })),
    },
  );
}

/** A Service on node ports that asks for a public address. */
export const onNodePorts: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'reachable',
    namespace: first.namespace,
    annotations: { 'octopool.dev/node-port-sources': '0.0.0.0/0', 'octopool.dev/node-floating-ips': '1' },
  },
  spec: { type: 'NodePort', selector: { app: first.name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};
export const nodePortService = { namespace: first.namespace, name: 'reachable' };

/** A port of its own on the balancer that all share. */
export const pooledPort = 8081;
export const pooled: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'pooled',
    namespace: second.namespace,
    annotations: { 'octopool.dev/balancer': `${balancer.namespace}/${balancer.name}` },
  },
  spec: {
    type: 'LoadBalancer',
    loadBalancerClass: 'octopool.dev/shared',
    selector: { app: second.name },
    ports: [{ name: 'http', port: pooledPort, targetPort: 8080 }],
  },
};
export const pooledService = { namespace: second.namespace, name: 'pooled' };

export const ingressHosts = ['one', 'two', 'three'].map((name) => `${name}.ingress.example.com`);

export const ingressObjects: readonly Manifest[] = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'octopool' },
    spec: {
      controller: 'octopool.dev/ingress',
      parameters: { apiGroup: 'octopool.dev', kind: 'SharedBalancer', scope: 'Namespace', ...balancer },
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: third.namespace },
    spec: {
      ingressClassName: 'octopool',
      rules: ingressHosts.map((host) => ({
        host,
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: third.name, port: { name: 'http' } } } },
          ],
        },
      })),
    },
  },
];
export const ingress = { namespace: third.namespace, name: 'web' };
