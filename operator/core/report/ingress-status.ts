import type { EventNote, IngressStatus, PortStatus } from '../model/report.ts';
import type { IngressObject, RouteObject } from '../model/snapshot.ts';
import type { PassResult } from './pass-result.ts';
import { admitted, type ToldInput } from './route-status.ts';
import { addressesOf } from './addresses.ts';

/** What is ours of an Ingress's status: the addresses of its balancer, and which ports do not serve it. */
export function ingressStatus(_route: IngressObject, { result, verdicts }: ToldInput): IngressStatus {
  if (!admitted(verdicts)) return { loadBalancer: { ingress: [] } };
  const ports = listenerPorts(result);
  return { loadBalancer: { ingress: addressesOf(result).map((ip) => ({ ip, ports })) } };
}

function listenerPorts({ snapshot }: PassResult): readonly PortStatus[] {
  const { balancer } = snapshot;
  if (balancer === undefined || 'invalid' in balancer.spec) return [];
  return balancer.spec.listeners
    .filter(({ protocol }) => protocol === 'HTTP')
    .map(({ port }) => ({ port, protocol: 'TCP' }));
}

export function ingressEvents(_route: RouteObject, _told: IngressStatus): readonly EventNote[] {
  return [];
}
