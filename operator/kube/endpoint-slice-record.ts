import type { EndpointObject } from '../core/model/snapshot.ts';
import { ipAddress } from './ip-address.ts';
import type { KubeObject } from './kube-object.ts';

/** One discovery.k8s.io/v1 EndpointSlice; a Service has as many as it needs. */
export interface EndpointSliceRecord {
  readonly namespace: string;
  /** undefined: a slice that belongs to no Service. */
  readonly service: string | undefined;
  readonly endpoints: readonly EndpointObject[];
}

export function endpointSliceRecord(object: KubeObject): EndpointSliceRecord {
  const { namespace = '', labels = {} } = object.metadata;
  // both are null, not empty, in a slice without any
  const endpoints = (object['endpoints'] ?? []) as readonly Endpoint[];
  const ports = readPorts((object['ports'] ?? []) as readonly Port[]);
  return {
    namespace,
    service: labels['kubernetes.io/service-name'],
    endpoints: endpoints.flatMap((endpoint) => readEndpoint(endpoint, ports)),
  };
}

/** The addresses of one endpoint are interchangeable: the first is used. A name (addressType FQDN) can be no member. */
function readEndpoint(endpoint: Endpoint, ports: EndpointObject['ports']): readonly EndpointObject[] {
  const address = ipAddress(endpoint.addresses[0] ?? '');
  if (address === undefined) return [];
  const { conditions = {}, targetRef, nodeName } = endpoint;
  const ready = conditions.ready ?? true;
  return [
    {
      address,
      name: podName(targetRef) ?? address,
      node: nodeName,
      ready,
      serving: conditions.serving ?? ready,
      terminating: conditions.terminating ?? false,
      ports,
    },
  ];
}

/**
 * Whoever may write slices can write anything here, and it becomes the name of a member in the cloud. What a Pod can be called is never read
 * back as the end of a drain, which would be a write in every pass, and is text that every cloud can keep.
 */
function podName(targetRef: Endpoint['targetRef']): string | undefined {
  const { kind, name = '' } = targetRef ?? {};
  return kind === 'Pod' && /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name) ? name : undefined;
}

/** A port without a number means every port: nothing that a member could have. */
function readPorts(ports: readonly Port[]): EndpointObject['ports'] {
  return ports.flatMap(({ name, protocol, port }) =>
    typeof port === 'number' ? [{ name: name ?? '', protocol: protocol ?? 'TCP', port }] : [],
  );
}

/** discovery.k8s.io/v1, as far as it is read; the API server has checked it. */
interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean | null;
    readonly serving?: boolean | null;
    readonly terminating?: boolean | null;
  };
  readonly nodeName?: string;
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
}

interface Port {
  readonly name?: string | null;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP' | null;
  readonly port?: number | null;
}
