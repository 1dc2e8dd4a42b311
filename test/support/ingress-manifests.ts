import type { Manifest } from './manifests.ts';

/** An IngressClass of ours that leads to edge/public. */
export function ingressClass(name = 'shared'): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
    spec: {
      controller: 'octopool.dev/ingress',
      parameters: {
        apiGroup: 'octopool.dev',
        kind: 'SharedBalancer',
        scope: 'Namespace',
        namespace: 'edge',
        name: 'public',
      },
    },
  };
}

/** An Ingress with one host, each of whose paths leads to the Service that is given with it, port 80. */
export function hostIngress(of: {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly paths: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}): Manifest {
  const { namespace, name, host, paths, annotations = {}, finalizers = [] } = of;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations, finalizers },
    spec: {
      ingressClassName: 'shared',
      rules: [
        {
          host,
          http: {
            paths: Object.entries(paths).map(([path, service]) => ({
              path,
              pathType: 'Prefix',
              backend: { service: { name: service, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  };
}
