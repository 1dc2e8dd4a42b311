import type { OwnTargets, PodTarget } from '../model/intents.ts';
import { objectName } from '../model/brand.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { podTargets, targetText } from './pods.ts';

/** What answers in each namespace, by the namespace's name. */
export function ownTargets({
  services,
  endpoints,
}: Pick<Snapshot, 'services' | 'endpoints'>): (namespace: string) => OwnTargets {
  const found = new Map<string, Mutable>();
  for (const service of services.values()) {
    const own = found.get(service.namespace) ?? nothing();
    found.set(service.namespace, own);
    if (service.healthCheckNodePort !== undefined) own.healthCheckNodePorts.add(service.healthCheckNodePort);
    const known = endpoints.get(objectName(service.namespace, service.name)) ?? [];
    for (const port of service.ports) {
      if (port.nodePort !== undefined) own.nodePorts.add(port.nodePort);
      for (const pod of podTargets(known, port, service)) {
        const at = targetText(pod.address, pod.port);
        if (own.pods.get(at) !== 'Serving') own.pods.set(at, pod.state);
      }
    }
  }
  return (namespace) => found.get(namespace) ?? nothing();
}

interface Mutable {
  readonly nodePorts: Set<number>;
  readonly healthCheckNodePorts: Set<number>;
  readonly pods: Map<string, PodTarget['state']>;
}

function nothing(): Mutable {
  return { nodePorts: new Set(), healthCheckNodePorts: new Set(), pods: new Map() };
}
