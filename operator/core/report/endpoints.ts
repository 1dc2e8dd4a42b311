import { objectName } from '../model/brand.ts';
import type { Problem } from '../model/reason.ts';
import { type NamedBackend, namedBackends } from '../model/named-backends.ts';
import type { EndpointObject, RouteObject, ServiceObject, Snapshot } from '../model/snapshot.ts';

/**
 * The first backend of a route that can have no healthy member, because there is no Pod behind it. Told from EndpointSlices
 * alone; while a Service with a selector has none, nothing is known.
 */
export function endpointsProblem(
  route: RouteObject,
  snapshot: Pick<Snapshot, 'services' | 'endpoints'>,
): Problem | undefined {
  const { namespace, name } = route.meta;
  const ports = snapshot.services.get(objectName(namespace, name))?.ports ?? [];
  for (const backend of namedBackends(route, ports)) {
    const at = objectName(namespace, backend.service);
    const service = snapshot.services.get(at);
    const endpoints = snapshot.endpoints.get(at) ?? unwritten(service);
    if (service === undefined || endpoints === undefined || backend.weight === 0) continue;
    const problem =
      podsMissing(service, endpoints) ??
      portUndeclared({ service, endpoints, backend }) ??
      noneReady(service, endpoints);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Of a Service with a selector Kubernetes writes a slice even if it is empty; of one without, nobody does. */
function unwritten(service: ServiceObject | undefined): readonly EndpointObject[] | undefined {
  return service !== undefined && service.selector === undefined ? [] : undefined;
}

function podsMissing({ name, selector }: ServiceObject, endpoints: readonly EndpointObject[]): Problem | undefined {
  if (endpoints.length > 0) return undefined;
  const labels = Object.entries(selector ?? {}).map(([key, value]) => `${key}=${value}`);
  const message =
    selector === undefined
      ? `Service ${name}: it has no selector and nobody wrote endpoints for it. Write an EndpointSlice, or give it a selector.`
      : `Service ${name}: its selector ${labels.toSorted().join(',')} matches no Pod. Correct it, or start the Pods.`;
  return { reason: 'NoEndpoints', message };
}

/** With Pods for members such a pool is empty and no monitor would tell; with node ports it tells why they do not answer. */
function noneReady(
  { name, publishNotReadyAddresses }: ServiceObject,
  endpoints: readonly EndpointObject[],
): Problem | undefined {
  if (publishNotReadyAddresses || endpoints.some(({ ready, serving }) => ready || serving)) return undefined;
  const pods = endpoints.length === 1 ? 'its one Pod is not ready' : `none of its ${endpoints.length} Pods is ready`;
  return { reason: 'NoHealthyMembers', message: `Service ${name}: ${pods}. Look at their readiness probes.` };
}

/** A slice has no entry for a port whose name none of its Pods declares. */
function portUndeclared(of: {
  readonly service: ServiceObject;
  readonly endpoints: readonly EndpointObject[];
  readonly backend: NamedBackend;
}): Problem | undefined {
  const { service, endpoints, backend } = of;
  const { protocol } = backend;
  const port = service.ports.find(
    (one) => (one.port === backend.port || one.name === backend.port) && one.protocol === protocol,
  );
  if (port?.targetPort === undefined) return undefined;
  const { name = '', targetPort } = port;
  if (endpoints.some(({ ports }) => ports.some((one) => one.name === name && one.protocol === protocol)))
    return undefined;
  return {
    reason: 'TargetPortNotFound',
    message: `Service ${service.name} port ${port.port}: no selected Pod declares a container port named ${targetPort}. Correct targetPort, or name the port in the Pods.`,
  };
}
