import type { BalancerName } from '../core/model/brand.ts';
import type { BalancerObject, NodeObject, ServiceObject } from '../core/model/snapshot.ts';
import type { Change } from './informer.ts';
import type { Kept } from './kept.ts';
import type { Window } from './keyed-queue.ts';
import type { RouteRecord } from './route-record.ts';
import type { Labels } from '../core/model/terms.ts';

/** One piece of work: a balancer, or what belongs to the cluster and to no single balancer. */
export type ControllerKey = BalancerName | 'nodes';

/** What a change makes necessary, and how long it may wait for its like. */
export interface Wake {
  readonly keys: readonly ControllerKey[];
  readonly window: Window;
}

/** Fifty routes that are applied together are one pass. */
const ownersWindow: Window = { settle: 1_000, atMost: 5_000 };
/** Nodes come and go in groups, and each pass over them touches every balancer. */
const nodesWindow: Window = { settle: 2_000, atMost: 5_000 };

/** Finds without looking at everything. */
export interface Lookups {
  readonly balancers: () => readonly BalancerName[];
  readonly balancer: (name: BalancerName) => BalancerObject | undefined;
  readonly routesIn: (namespace: string) => readonly RouteRecord[];
}

export function wokenByBalancer({ key }: Change<Kept<BalancerObject>>): Wake {
  return { keys: [key as BalancerName, 'nodes'], window: ownersWindow };
}

/** Both balancers when the reference changed (only a route that was deleted and made again can do that). */
export function wokenByRoute({ before, after }: Change<Kept<RouteRecord>>): Wake {
  const names = [before, after].flatMap((kept) => (kept === undefined ? [] : [kept.record.balancer]));
  return { keys: [...new Set(names)], window: ownersWindow };
}

/**
 * Routes that name the Service; and when node ports were given back, every route of its namespace: a held pool may
 * keep members only on node ports that are still its namespace's.
 */
export function wokenByService({ before, after }: Change<Kept<ServiceObject>>, { routesIn }: Lookups): Wake {
  const service = (after ?? before)?.record;
  if (service === undefined) return { keys: [], window: ownersWindow };
  const freed = nodePorts(before?.record).some((port) => !nodePorts(after?.record).includes(port));
  const routes = routesIn(service.namespace).filter((route) => freed || route.services.has(service.name));
  return { keys: [...new Set(routes.map((route) => route.balancer))], window: ownersWindow };
}

export function wokenByNode(_: Change<Kept<NodeObject>>, { balancers }: Lookups): Wake {
  return { keys: [...balancers(), 'nodes'], window: nodesWindow };
}

/** Only balancers that admit by label, and only those that have a route from there. */
export function wokenByNamespace({ key }: Change<Kept<Labels>>, { routesIn, balancer }: Lookups): Wake {
  const names = new Set(routesIn(key).map((route) => route.balancer));
  const selecting = [...names].filter((name) => {
    const spec = balancer(name)?.spec;
    return spec !== undefined && !('invalid' in spec) && spec.attachment.from === 'Selector';
  });
  return { keys: selecting, window: ownersWindow };
}

function nodePorts(service: ServiceObject | undefined): readonly number[] {
  return (service?.ports ?? []).flatMap((port) => port.nodePort ?? []);
}
