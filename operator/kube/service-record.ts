import type { Uid } from '../core/model/brand.ts';
import type { ServiceObject } from '../core/model/snapshot.ts';
import type { KubeObject } from './kube-object.ts';

/** v1 Service → what a backend needs of it. */
export function serviceRecord(object: KubeObject): ServiceObject {
  const { namespace = '', name, uid } = object.metadata;
  const spec = (object['spec'] ?? {}) as ServiceSpec;
  const { ports = [] } = spec;
  return {
    namespace,
    name,
    uid: uid as Uid,
    trafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
    healthCheckNodePort: spec.healthCheckNodePort === 0 ? undefined : spec.healthCheckNodePort,
    publishNotReadyAddresses: spec.publishNotReadyAddresses ?? false,
    clientAffinity: clientAffinity(spec),
    selector: Object.keys(spec.selector ?? {}).length === 0 ? undefined : spec.selector,
    ports: ports.map((port) => ({
      name: port.name === '' ? undefined : port.name,
      port: port.port,
      protocol: port.protocol ?? 'TCP',
      nodePort: port.nodePort === 0 ? undefined : port.nodePort,
      targetPort: typeof port.targetPort === 'string' ? port.targetPort : undefined,
      appProtocol: port.appProtocol,
    })),
  };
}

/** Three hours are Kubernetes' own default, stored by the API server. */
function clientAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): number | undefined {
  return sessionAffinity === 'ClientIP'
    ? (sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) * 1000
    : undefined;
}

/** core/v1 ServiceSpec, as far as it is read; the API server has checked it. */
interface ServiceSpec {
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  readonly healthCheckNodePort?: number;
  readonly publishNotReadyAddresses?: boolean;
  readonly selector?: Readonly<Record<string, string>>;
  readonly sessionAffinity?: 'None' | 'ClientIP';
  readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
    readonly nodePort?: number;
    readonly targetPort?: number | string;
    readonly appProtocol?: string;
  }[];
}
