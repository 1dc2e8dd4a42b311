import type { BalancerIntent, Intents } from '../model/intents.ts';
import { balancerName } from '../model/brand.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { BalancerObject, Snapshot } from '../model/snapshot.ts';
import { eligibleNodes, leavingNodes } from './nodes.ts';
import { routeIntent } from './service-route.ts';

/** Everything that Kubernetes says about one balancer, in the one form that the other rooms understand. */
export function intake(snapshot: Snapshot, balancer: BalancerObject & { readonly spec: BalancerSpec }): Intents {
  const { meta, spec } = balancer;
  const intent: BalancerIntent = {
    name: balancerName(meta.namespace, meta.name),
    cluster: snapshot.cluster,
    uid: meta.uid,
    listeners: spec.listeners,
    attachment: spec.attachment,
    spec,
    switches: balancer.switches,
    formerVipAddress: balancer.status.vipAddress,
    nodes: eligibleNodes(snapshot.nodes),
    leavingNodes: leavingNodes(snapshot.nodes),
    defaultBackends: [],
  };
  const nodePorts = nodePortsByNamespace(snapshot);
  return {
    balancer: intent,
    routes: snapshot.routes.map((route) =>
      routeIntent({
        route,
        snapshot,
        balancer: intent,
        ownNodePorts: nodePorts.get(route.meta.namespace) ?? new Set(),
      }),
    ),
  };
}

function nodePortsByNamespace({ services }: Snapshot): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const service of services.values()) {
    const ports = found.get(service.namespace) ?? new Set<number>();
    for (const { nodePort } of service.ports) if (nodePort !== undefined) ports.add(nodePort);
    found.set(service.namespace, ports);
  }
  return found;
}
