import { type BalancerName, balancerName, type ObjectName, objectName } from '../core/model/brand.ts';
import type { BackendPolicySpec, BackendSpec } from '../core/model/route-spec.ts';
import type { BalancerObject, NodeObject, ServiceObject } from '../core/model/snapshot.ts';
import type { EndpointSliceRecord } from './endpoint-slice-record.ts';
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
/** Nodes and Pods come and go in groups, and a pass over them is one write for each pool. */
const churnWindow: Window = { settle: 2_000, atMost: 5_000 };

/** Finds without looking at everything. */
export interface Lookups {
  readonly balancers: () => readonly BalancerName[];
  readonly balancer: (name: BalancerName) => BalancerObject | undefined;
  readonly balancersIn: (namespace: string) => readonly BalancerObject[];
  readonly routesIn: (namespace: string) => readonly RouteRecord[];
  readonly service: (name: ObjectName) => ServiceObject | undefined;
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
 * Routes and default backends that name the Service; and when node ports were given back, all of its namespace: a held
 * pool may keep members only on node ports that are still its namespace's.
 */
export function wokenByService(
  { before, after }: Change<Kept<ServiceObject>>,
  { routesIn, balancersIn }: Lookups,
): Wake {
  const service = (after ?? before)?.record;
  if (service === undefined) return { keys: [], window: ownersWindow };
  const freed = nodePorts(before?.record).some((port) => !nodePorts(after?.record).includes(port));
  const routes = routesIn(service.namespace).filter((route) => freed || route.services.has(service.name));
  const balancers = balancersIn(service.namespace).filter(
    (balancer) => freed || defaultServices(balancer).includes(service.name),
  );
  return { keys: distinct(routes, balancers), window: ownersWindow };
}

/** Only what looks at Pods: members of plain node ports are nodes, and the coming and going of Pods behind them is nobody's business. */
export function wokenByEndpoints({ before, after }: Change<Kept<EndpointSliceRecord>>, lookups: Lookups): Wake {
  const services = [before, after].flatMap((kept) =>
    kept?.record.service === undefined ? [] : [objectName(kept.record.namespace, kept.record.service)],
  );
  const keys = [...new Set(services)].flatMap((service) => wokenByPodsOf(service, lookups));
  return { keys: [...new Set(keys)], window: churnWindow };
}

function wokenByPodsOf(
  name: ObjectName,
  { routesIn, balancersIn, balancer, service }: Lookups,
): readonly BalancerName[] {
  const [namespace = '', serviceName = ''] = name.split('/');
  const local = service(name)?.trafficPolicy === 'Local';
  const routes = routesIn(namespace).filter(
    (route) =>
      route.services.has(serviceName) &&
      (local || sendsToPods({ route, service: serviceName, defaults: defaultsOf(balancer(route.balancer)) })),
  );
  const balancers = balancersIn(namespace).filter(
    (one) => defaultServices(one).includes(serviceName) && (local || defaultsOf(one).targetType === 'PodIP'),
  );
  return distinct(routes, balancers);
}

function distinct(routes: readonly RouteRecord[], balancers: readonly BalancerObject[]): readonly BalancerName[] {
  const own = balancers.map(({ meta }) => balancerName(meta.namespace, meta.name));
  return [...new Set([...routes.map((route) => route.balancer), ...own])];
}

/** Whether a rule that names the Service has Pods as its members, by the same inheritance as in a pass: rule, route, balancer. */
function sendsToPods(of: {
  readonly route: RouteRecord;
  readonly service: string;
  readonly defaults: BackendPolicySpec;
}): boolean {
  const { spec } = of.route.route;
  if ('invalid' in spec) return false;
  const { protocol, backendPolicy } = spec;
  const names = (backends: readonly BackendSpec[]): boolean => backends.some(({ service }) => service === of.service);
  const rest = backendPolicy.targetType ?? of.defaults.targetType;
  if (protocol.kind === 'l4') return rest === 'PodIP' && names(protocol.backends);
  return protocol.rules.some(
    ({ action, backendPolicy: own }) =>
      action.type === 'Forward' && names(action.backends) && (own.targetType ?? rest) === 'PodIP',
  );
}

function defaultsOf(balancer: BalancerObject | undefined): BackendPolicySpec {
  return balancer === undefined || 'invalid' in balancer.spec ? {} : balancer.spec.defaults;
}

/** Services of its own namespace that a balancer sends unknown requests to. */
function defaultServices({ spec }: BalancerObject): readonly string[] {
  return 'invalid' in spec ? [] : spec.listeners.flatMap(({ defaultBackend }) => defaultBackend?.service ?? []);
}

export function wokenByNode(_: Change<Kept<NodeObject>>, { balancers }: Lookups): Wake {
  return { keys: [...balancers(), 'nodes'], window: churnWindow };
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
