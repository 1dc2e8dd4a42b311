import type { Digest, Uid } from '../model/brand.ts';
import type { BalancerIntent, OwnTargets, RouteIntent, Source } from '../model/intents.ts';
import type { RouteObject, Snapshot } from '../model/snapshot.ts';

/** What one source is made an intent of. */
export interface RouteInput<Route extends RouteObject = RouteObject> {
  readonly route: Route;
  readonly snapshot: Snapshot;
  readonly balancer: BalancerIntent;
  readonly own: OwnTargets;
  readonly digest: Digest;
}

/** What every kind of source says of itself in the same words. */
export function common({ route, snapshot, own }: RouteInput): Omit<RouteIntent, 'problem' | 'rules' | 'remarks'> {
  const { namespace } = route.meta;
  return {
    source: sourceOf(route),
    namespaceLabels: snapshot.namespaces.get(namespace) ?? {},
    switches: route.switches,
    own,
    recorded: route.status.claims,
  };
}

function sourceOf({ kind, meta }: RouteObject): Source {
  const { namespace, name, uid, generation, createdAt } = meta;
  return { kind, namespace, name, uid: uid satisfies Uid, generation, createdAt };
}
