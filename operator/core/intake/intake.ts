import type { BalancerIntent, Intents } from '../model/intents.ts';
import { balancerName } from '../model/brand.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { BalancerObject, Snapshot } from '../model/snapshot.ts';
import { defaultBackends } from './default-backends.ts';
import { eligibleNodes, leavingNodes } from './nodes.ts';
import { ownTargets } from './own-targets.ts';
import { routeIntent } from './service-route.ts';

/** Everything that Kubernetes says about one balancer, in the one form that the other rooms understand. */
export function intake(snapshot: Snapshot, balancer: BalancerObject & { readonly spec: BalancerSpec }): Intents {
  const { meta, spec } = balancer;
  const own = ownTargets(snapshot);
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
    defaultBackends: defaultBackends(balancer, snapshot),
    own: own(meta.namespace),
  };
  return {
    balancer: intent,
    routes: snapshot.routes.map((route) =>
      routeIntent({
        route,
        snapshot,
        balancer: intent,
        own: own(route.meta.namespace),
      }),
    ),
  };
}
