import type { Uid } from '../core/model/brand.ts';
import type { ServiceObject } from '../core/model/snapshot.ts';
import type { KubeObject } from './kube-object.ts';

/** v1 Service → what a backend needs of it. */
export function serviceRecord(object: KubeObject): ServiceObject {
  const { namespace = '', name, uid } = object.metadata;
  const { ports = [] } = (object['spec'] ?? {}) as ServiceSpec;
  return {
    namespace,
    name,
    uid: uid as Uid,
    ports: ports.map((port) => ({
      name: port.name === '' ? undefined : port.name,
      port: port.port,
      protocol: port.protocol ?? 'TCP',
      nodePort: port.nodePort === 0 ? undefined : port.nodePort,
    })),
  };
}

/** core/v1 ServiceSpec, as far as it is read; the API server has checked it. */
interface ServiceSpec {
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
    readonly nodePort?: number;
  }[];
}
