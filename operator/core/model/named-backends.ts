import { servedPorts } from './served-ports.ts';
import type { BackendRef } from './route-spec.ts';
import type { RouteObject, ServiceObject } from './snapshot.ts';
import type { L4Protocol } from './terms.ts';

/** A backend as its owner named it, whether or not there is such a Service. */
export interface NamedBackend extends BackendRef {
  readonly protocol: L4Protocol;
  /** 0: nobody expects an answer. */
  readonly weight: number;
}

/** What a route sends to, in the order that it says. `ports`: those of the Service, where it is a Service itself. */
export function namedBackends(route: RouteObject, ports: ServiceObject['ports']): readonly NamedBackend[] {
  switch (route.kind) {
    case 'ServiceRoute':
      return 'invalid' in route.spec ? [] : ofSpec(route.spec.protocol);
    case 'Service':
      return servedPorts(route.service, ports).map(({ port, protocol }) => ({
        service: route.meta.name,
        port,
        protocol,
        weight: 1,
      }));
    case 'Ingress':
      return ofIngress(route.ingress);
  }
}

type Protocol = Exclude<Extract<RouteObject, { kind: 'ServiceRoute' }>['spec'], { invalid: unknown }>['protocol'];

function ofSpec(protocol: Protocol): readonly NamedBackend[] {
  if (protocol.kind === 'l4') return protocol.backends.map((backend) => ({ ...backend, protocol: protocol.protocol }));
  return protocol.rules.flatMap(({ action }) =>
    action.type === 'Forward' ? action.backends.map((backend) => ({ ...backend, protocol: 'TCP' as const })) : [],
  );
}

function ofIngress({ rules, defaultBackend }: Extract<RouteObject, { kind: 'Ingress' }>['ingress']) {
  const named = rules.flatMap(({ paths }) => paths.map(({ backend }) => backend));
  return [...named, ...(defaultBackend === undefined ? [] : [defaultBackend])].flatMap((backend) =>
    backend.kind === 'service'
      ? [{ service: backend.service, port: backend.port, protocol: 'TCP' as const, weight: 1 }]
      : [],
  );
}
