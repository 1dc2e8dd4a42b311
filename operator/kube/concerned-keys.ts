import { type BalancerName, balancerName, dedicatedName, type ObjectName, objectName } from '../core/model/brand.ts';
import type { BackendPolicySpec, BackendSpec } from '../core/model/route-spec.ts';
import type {
  BalancerObject,
  IngressObject,
  NodeObject,
  PlainServiceObject,
  ServiceObject,
  ServiceRouteObject,
} from '../core/model/snapshot.ts';
import type { AttachedRecord } from './attached-record.ts';
import type { EndpointSliceRecord } from './endpoint-slice-record.ts';
import type { Change } from './informer.ts';
import type { Kept } from './kept.ts';
import type { Window } from './keyed-queue.ts';
import type { IngressClassRecord } from './ingress-class-record.ts';
import type { IngressRecord } from './ingress-record.ts';
import { attachedService, nodePortService, type ServiceEntry, subjectName } from './service-entry.ts';
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
  readonly attachedIn: (namespace: string) => readonly AttachedRecord[];
  readonly service: (name: ObjectName) => ServiceObject | undefined;
  /** The Service itself, where it says how it is reached. */
  readonly plain: (name: ObjectName) => PlainServiceObject | undefined;
  /** The balancer that the class of an Ingress names. */
  readonly classOf: (ingress: IngressObject) => BalancerName | undefined;
  readonly ingressesOf: (className: string) => readonly AttachedRecord[];
}

export function wokenByBalancer({ key }: Change<Kept<BalancerObject>>): Wake {
  return { keys: [key as BalancerName, 'nodes'], window: ownersWindow };
}

/** Both balancers when the reference changed (only a route that was deleted and made again can do that). */
export function wokenByRoute({ before, after }: Change<Kept<AttachedRecord<ServiceRouteObject>>>): Wake {
  const names = [before, after].flatMap((kept) => (kept === undefined ? [] : [kept.record.balancer]));
  return { keys: [...new Set(names)], window: ownersWindow };
}

export function wokenByIngress({ before, after }: Change<Kept<IngressRecord>>, { classOf }: Lookups): Wake {
  const names = [before, after].flatMap((kept) => (kept === undefined ? [] : (classOf(kept.record.ingress) ?? [])));
  return { keys: [...new Set(names)], window: ownersWindow };
}

/** The balancer that it named, the one that it names, and those that its Ingresses are on. */
export function wokenByIngressClass(
  { key, before, after }: Change<Kept<IngressClassRecord>>,
  { ingressesOf }: Lookups,
): Wake {
  const named = [before, after].flatMap((kept) => kept?.record.balancer ?? []);
  const attached = ingressesOf(key).map(({ balancer }) => balancer);
  return { keys: [...new Set([...named, ...attached])], window: ownersWindow };
}

/**
 * What names the Service, and the balancers that it was and is on itself; when node ports were given back, all of its
 * namespace: a held pool may keep members only on node ports that are still its namespace's.
 */
export function wokenByService(
  { before, after }: Change<Kept<ServiceEntry>>,
  { attachedIn, balancersIn }: Lookups,
): Wake {
  const service = (after ?? before)?.record.service;
  if (service === undefined) return { keys: [], window: ownersWindow };
  const now = nodePorts(after?.record.service);
  const freed = nodePorts(before?.record.service).some((port) => !now.includes(port));
  const routes = attachedIn(service.namespace).filter((route) => freed || route.services.has(service.name));
  const balancers = balancersIn(service.namespace).filter(
    (balancer) => freed || defaultServices(balancer).includes(service.name),
  );
  const own = [before, after].flatMap((kept) => (kept === undefined ? [] : keysOfEntry(kept.record)));
  return { keys: [...new Set([...distinct(routes, balancers), ...own])], window: ownersWindow };
}

function keysOfEntry(entry: ServiceEntry): readonly ControllerKey[] {
  const [pooled, subject] = [attachedService(entry)?.balancer, subjectName(entry)];
  return [
    ...(pooled === undefined ? [] : [pooled]),
    ...(subject === undefined ? [] : [subject]),
    ...(nodePortService(entry) === undefined ? [] : (['nodes'] as const)),
  ];
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
  { attachedIn, balancersIn, balancer, service, plain }: Lookups,
): readonly BalancerName[] {
  const [namespace = '', serviceName = ''] = name.split('/');
  const local = service(name)?.trafficPolicy === 'Local';
  const routes = attachedIn(namespace).filter(
    (route) =>
      route.services.has(serviceName) &&
      (local || sendsToPods({ route, service: serviceName, defaults: defaultsOf(balancer(route.balancer)) })),
  );
  const balancers = balancersIn(namespace).filter(
    (one) => defaultServices(one).includes(serviceName) && (local || defaultsOf(one).targetType === 'PodIP'),
  );
  const self = plain(name);
  const looksAtPods = self !== undefined && (local || self.service.annotations['octopool.dev/target-type'] === 'PodIP');
  return [...distinct(routes, balancers), ...(looksAtPods ? [dedicatedName(namespace, serviceName)] : [])];
}

function distinct(routes: readonly AttachedRecord[], balancers: readonly BalancerObject[]): readonly BalancerName[] {
  const own = balancers.map(({ meta }) => balancerName(meta.namespace, meta.name));
  return [...new Set([...routes.map((route) => route.balancer), ...own])];
}

/** Whether a rule that names the Service has Pods as its members, by the same inheritance as in a pass: rule, route, balancer. */
function sendsToPods(of: {
  readonly route: AttachedRecord;
  readonly service: string;
  readonly defaults: BackendPolicySpec;
}): boolean {
  const { route } = of.route;
  if (route.kind !== 'ServiceRoute') {
    const { annotations } = route.kind === 'Service' ? route.service : route.ingress;
    return (annotations['octopool.dev/target-type'] ?? of.defaults.targetType) === 'PodIP';
  }
  if ('invalid' in route.spec) return false;
  const { protocol, backendPolicy } = route.spec;
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
export function wokenByNamespace({ key }: Change<Kept<Labels>>, { attachedIn, balancer }: Lookups): Wake {
  const names = new Set(attachedIn(key).map((route) => route.balancer));
  const selecting = [...names].filter((name) => {
    const spec = balancer(name)?.spec;
    return spec !== undefined && !('invalid' in spec) && spec.attachment.from === 'Selector';
  });
  return { keys: selecting, window: ownersWindow };
}

function nodePorts(service: ServiceObject | undefined): readonly number[] {
  return (service?.ports ?? []).flatMap((port) => port.nodePort ?? []);
}
