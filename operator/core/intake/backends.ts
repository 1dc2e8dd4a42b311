import { objectName } from '../model/brand.ts';
import type { BackendIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { BackendSpec } from '../model/route-spec.ts';
import type { ServiceObject, Snapshot } from '../model/snapshot.ts';
import type { L4Protocol } from '../model/terms.ts';

/** A backend's Service, port and node port; or what is missing, and what to do about it. */
export function findBackends(
  backends: readonly BackendSpec[],
  namespace: string,
  services: Snapshot['services'],
  protocol: L4Protocol,
): { readonly backends: readonly BackendIntent[]; readonly problem: Problem | undefined } {
  const answers = backends.map((backend) =>
    findBackend(backend, services.get(objectName(namespace, backend.service)), protocol),
  );
  return {
    backends: answers.flatMap((answer) => ('target' in answer ? [answer] : [])),
    problem: answers.find((answer): answer is Problem => 'reason' in answer),
  };
}

function findBackend(
  { service, port, weight, role }: BackendSpec,
  found: ServiceObject | undefined,
  protocol: L4Protocol,
): BackendIntent | Problem {
  if (found === undefined)
    return {
      reason: 'BackendNotFound',
      message: `Service ${service} does not exist in this namespace. Create it, or correct backends[].service.`,
    };
  const entry = found.ports.find(
    (one) => (typeof port === 'number' ? one.port === port : one.name === port) && one.protocol === protocol,
  );
  if (entry === undefined)
    return {
      reason: 'PortNotFound',
      message: `Service ${service} has no ${protocol} port ${port}; it has ${portList(found)}. Correct backends[].port.`,
    };
  if (entry.nodePort === undefined)
    return {
      reason: 'NoNodePort',
      message: `Port ${port} of Service ${service} has no node port. Make the Service type NodePort or LoadBalancer.`,
    };
  return {
    service,
    port: entry.port,
    weight,
    role,
    target: { type: 'NodePort', nodePort: entry.nodePort, nodes: undefined, healthCheckNodePort: undefined },
  };
}

function portList({ ports }: ServiceObject): string {
  const names = ports.map((one) =>
    one.name === undefined ? `${one.port}/${one.protocol}` : `${one.name} (${one.port}/${one.protocol})`,
  );
  return names.length === 0 ? 'none' : names.toSorted().join(', ');
}
