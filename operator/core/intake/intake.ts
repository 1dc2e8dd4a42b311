import type { Digest } from '../model/brand.ts';
import type { BalancerIntent, Intents, RouteIntent } from '../model/intents.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { BalancerObject, Snapshot } from '../model/snapshot.ts';
import { defaultBackends } from './default-backends.ts';
import { eligibleNodes, leavingNodes } from './nodes.ts';
import { ownTargets } from './own-targets.ts';
import { ingressIntent } from './ingress.ts';
import { plainServiceIntent } from './plain-service.ts';
import type { RouteInput } from './route-input.ts';
import { serviceRouteIntent } from './service-route.ts';

/** Everything that Kubernetes says about one balancer, in the one form that the other rooms understand. */
export function intake(
  snapshot: Snapshot,
  balancer: BalancerObject & { readonly spec: BalancerSpec },
  digest: Digest,
): Intents {
  const { meta, spec } = balancer;
  const own = ownTargets(snapshot);
  const intent: BalancerIntent = {
    kind: balancer.kind,
    name: snapshot.name,
    cluster: snapshot.cluster,
    uid: meta.uid,
    listeners: spec.listeners,
    attachment: spec.attachment,
    spec,
    switches: balancer.switches,
    formerVipAddress: balancer.status.vipAddress,
    fault: balancer.fault,
    nodes: eligibleNodes(snapshot.nodes),
    leavingNodes: leavingNodes(snapshot.nodes),
    defaultBackends: defaultBackends(balancer, snapshot),
    own: own(meta.namespace),
  };
  return {
    balancer: intent,
    routes: snapshot.routes.map((route) =>
      routeIntent({ route, snapshot, balancer: intent, own: own(route.meta.namespace), digest }),
    ),
  };
}

/** One form, whatever kind of object said it. */
function routeIntent({ route, ...rest }: RouteInput): RouteIntent {
  switch (route.kind) {
    case 'ServiceRoute':
      return serviceRouteIntent({ ...rest, route });
    case 'Service':
      return plainServiceIntent({ ...rest, route });
    case 'Ingress':
      return ingressIntent({ ...rest, route });
  }
}
