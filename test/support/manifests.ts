/** Small objects of Kubernetes for tests and the demo, as JSON that kubectl applies. */

export type Manifest = Readonly<Record<string, unknown>>;

/** One List, so that everything is applied by one command. */
export function list(items: readonly Manifest[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

export function namespace(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function nodePortService(of: {
  readonly namespace: string;
  readonly name: string;
  readonly nodePort?: number;
}): Manifest {
  const { nodePort } = of;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: of.name, namespace: of.namespace },
    spec: {
      type: 'NodePort',
      selector: { app: of.name },
      ports: [{ name: 'http', port: 80, targetPort: 8080, ...(nodePort === undefined ? {} : { nodePort }) }],
    },
  };
}

export function hostRoute(of: {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly service: string;
  readonly balancer: string;
  readonly balancerNamespace: string;
}): Manifest {
  return {
    apiVersion: 'octopool.dev/v1alpha1',
    kind: 'ServiceRoute',
    metadata: { name: of.name, namespace: of.namespace },
    spec: {
      balancerRef: { name: of.balancer, namespace: of.balancerNamespace },
      http: {
        hostnames: [of.host],
        rules: [{ name: 'all', action: { type: 'Forward', backends: [{ service: of.service, port: 'http' }] } }],
      },
    },
  };
}

export function sharedBalancer(of: {
  readonly namespace: string;
  readonly name: string;
  readonly spec?: Manifest;
}): Manifest {
  return {
    apiVersion: 'octopool.dev/v1alpha1',
    kind: 'SharedBalancer',
    metadata: { name: of.name, namespace: of.namespace },
    spec: {
      attachment: { from: 'All', undelegated: 'FirstClaim' },
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      ...of.spec,
    },
  };
}
