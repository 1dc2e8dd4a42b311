import { objectName } from '../model/brand.ts';
import type { Problem } from '../model/reason.ts';
import type { BackendSpec } from '../model/route-spec.ts';
import type { EndpointObject, RouteObject, ServiceObject, Snapshot } from '../model/snapshot.ts';
import type { L4Protocol } from '../model/terms.ts';

/**
 * The first backend of a route that can have no healthy member, because there is no Pod behind it. Told from EndpointSlices
 * alone; while a Service has none, nothing is known.
 */
export function endpointsProblem(
  { meta, spec }: RouteObject,
  snapshot: Pick<Snapshot, 'services' | 'endpoints'>,
): Problem | undefined {
  if ('invalid' in spec) return undefined;
  const protocol = spec.protocol.kind === 'l4' ? spec.protocol.protocol : 'TCP';
  for (const backend of backendsOf(spec.protocol)) {
    const name = objectName(meta.namespace, backend.service);
    const [service, endpoints] = [snapshot.services.get(name), snapshot.endpoints.get(name)];
    // weight 0: nobody expects an answer
    if (service === undefined || endpoints === undefined || backend.weight === 0) continue;
    const problem =
      podsMissing(service, endpoints) ??
      portUndeclared({ service, endpoints, backend, protocol }) ??
      noneReady(service, endpoints);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function backendsOf(protocol: Exclude<RouteObject['spec'], { invalid: unknown }>['protocol']): readonly BackendSpec[] {
  if (protocol.kind === 'l4') return protocol.backends;
  return protocol.rules.flatMap(({ action }) => (action.type === 'Forward' ? action.backends : []));
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
  readonly backend: BackendSpec;
  readonly protocol: L4Protocol;
}): Problem | undefined {
  const { service, endpoints, backend, protocol } = of;
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
