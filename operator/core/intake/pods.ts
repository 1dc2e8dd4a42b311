import type { PodTarget } from '../model/intents.ts';
import type { EndpointObject, ServiceObject } from '../model/snapshot.ts';

type ServicePort = ServiceObject['ports'][number];

/** Where the Pods of a Service port answer, each (address, port) once. A repeated member wedges a pool for ever. */
export function podTargets(
  endpoints: readonly EndpointObject[],
  port: ServicePort,
  { publishNotReadyAddresses }: Pick<ServiceObject, 'publishNotReadyAddresses'>,
): readonly PodTarget[] {
  const targets = new Map<string, PodTarget>();
  for (const endpoint of oneFamily(endpoints)) {
    const state = stateOf(endpoint, publishNotReadyAddresses);
    const number = portOf(endpoint, port);
    if (state === undefined || number === undefined) continue;
    const { name, address } = endpoint;
    const at = targetText(address, number);
    // while slices are rebalanced an endpoint can stand in two of them for a moment: the better word counts
    if (targets.get(at)?.state !== 'Serving') targets.set(at, { name, address, port: number, state });
  }
  return [...targets.values()].toSorted((a, b) =>
    targetText(a.address, a.port) < targetText(b.address, b.port) ? -1 : 1,
  );
}

export function targetText(address: string, port: number): string {
  return `${address} ${port}`;
}

/** externalTrafficPolicy Local: a node without a ready Pod of the Service drops what it gets. */
export function nodesWithPods(endpoints: readonly EndpointObject[], port: ServicePort): ReadonlySet<string> {
  return new Set(
    endpoints.flatMap((endpoint) => {
      const { node, ready, terminating } = endpoint;
      return node !== undefined && ready && !terminating && portOf(endpoint, port) !== undefined ? [node] : [];
    }),
  );
}

function stateOf(
  { ready, serving, terminating }: EndpointObject,
  publishNotReady: boolean,
): PodTarget['state'] | undefined {
  if (terminating) return serving ? 'Draining' : undefined;
  return ready || publishNotReady ? 'Serving' : undefined;
}

/** A slice names its ports like the Service does; a port whose name no Pod declares is not in it. */
export function portOf({ ports }: EndpointObject, { name = '', protocol }: ServicePort): number | undefined {
  return ports.find((one) => one.name === name && one.protocol === protocol)?.port;
}

/** The Pods of a dual-stack Service stand in slices of both families: one member each is enough. IPv4 as with nodes. */
function oneFamily(endpoints: readonly EndpointObject[]): readonly EndpointObject[] {
  const four = endpoints.filter(({ address }) => !address.includes(':'));
  return four.length > 0 ? four : endpoints;
}
