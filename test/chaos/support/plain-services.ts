import type { KubeObject } from '../../../operator/kube/kube-object.ts';
import { type Manifest, namespace } from '../../support/manifests.ts';
import { smallWorld, type SmallWorld } from './small-world.ts';

export const cleanupFinalizer = 'service.kubernetes.io/load-balancer-cleanup';
export const dedicated = 'octopool.dev/dedicated';
export const shared = 'octopool.dev/shared';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly nodePort?: number;
}

/** A world in which team-a has its namespace, and nobody anything else. */
export async function teamWorld(): Promise<SmallWorld> {
  const world = await smallWorld();
  world.cluster.apply(namespace('team-a'));
  return world;
}

export function webOf({ cluster }: Pick<SmallWorld, 'cluster'>): KubeObject | undefined {
  return cluster.get('Service', 'team-a', 'web');
}

/** A Service of team-a as its owner writes it; node ports are given, as nobody hands them out in memory. */
export function plainService(of: {
  readonly name: string;
  readonly type?: 'LoadBalancer' | 'NodePort' | 'ClusterIP';
  /** undefined: none, so that any controller may take it. */
  readonly loadBalancerClass?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: readonly ServicePort[];
  readonly spec?: Manifest;
}): Manifest {
  const { name, type = 'LoadBalancer', loadBalancerClass, annotations = {}, ports = [webPort], spec = {} } = of;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'team-a', annotations },
    spec: {
      type,
      ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
      selector: { app: name },
      ports: ports.map(({ protocol = 'TCP', ...port }) => ({ protocol, ...port })),
      ...spec,
    },
  };
}

const webPort: ServicePort = { name: 'http', port: 80, nodePort: 30_080 };

export interface ServiceStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly {
      readonly ip?: string;
      readonly ports?: readonly { readonly port: number; readonly protocol: string; readonly error?: string }[];
    }[];
  };
}

export function addresses(service: KubeObject | undefined): readonly (string | undefined)[] {
  const status = service?.['status'] as ServiceStatus | undefined;
  return (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
}

/** `TCP 80`, `TCP 81 octopool.dev/PortConflict`, of the first published address. */
export function portsTold(service: KubeObject | undefined): readonly string[] {
  const status = service?.['status'] as ServiceStatus | undefined;
  const [first] = status?.loadBalancer?.ingress ?? [];
  return (first?.ports ?? []).map(({ port, protocol, error }) =>
    [protocol, port, ...(error === undefined ? [] : [error])].join(' '),
  );
}
