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
  /** Keys of Services that have a load balancer of their own. */
  readonly dedicated: () => readonly BalancerName[];
  readonly balancer: (name: BalancerName) => BalancerObject | undefined;
  readonly balancersIn: (namespace: string) => readonly BalancerObject[];
  readonly attachedIn: (namespace: string) => readonly AttachedRecord[];
  readonly service: (name: ObjectName) => ServiceObject | undefined;
  /** The Service itself, where it says how it is reached. */
  readonly plain: (name: ObjectName) => PlainServiceObject | undefined;
  /** The balancer that the class of an Ingress names. */
  readonly classOf: (ingress: IngressObject) => BalancerName | undefined;
  readonly ingressesOf: (className: string) => readonly AttachedRecord[];
  /** The balancer that serves Ingresses of a class, whether that names one or means the default; undefined: the class is not ours. */
  readonly ledTo: (ingressClass: IngressClassRecord) => BalancerName | undefined;
}

export function wokenByBalancer({ key }: Change<Kept<BalancerObject>>): Wake {
  return { keys: [key as BalancerName, 'nodes'], window: ownersWindow };
}

/** Both balancers when the reference changed (only a route that was deleted and made again can do that). */
export function wokenByRoute({ before, after }: Change<Kept<AttachedRecord<ServiceRouteObject>>>): Wake {
  const names = [before, after].flatMap((kept) => (kept === undefined ? [] : [kept.record.balancer]));
  return { keys: [...new Set(names)], window: ownersWindow };
}

/** One that goes to another controller is looked after where no single balancer is. */
export function wokenByIngress({ before, after }: Change<Kept<IngressRecord>>, { classOf }: Lookups): Wake {
  const names = [before, after].flatMap((kept) => (kept === undefined ? [] : (classOf(kept.record.ingress) ?? [])));
  const left = after?.record.told === true && classOf(after.record.ingress) === undefined;
  return { keys: [...new Set([...names, ...(left ? (['nodes'] as const) : [])])], window: ownersWindow };
}

/** The balancer that it led to, the one that it leads to, and those that its Ingresses are on. */
export function wokenByIngressClass(
  { key, before, after }: Change<Kept<IngressClassRecord>>,
  { ingressesOf, ledTo }: Lookups,
): Wake {
  const named = [before, after].flatMap((kept) => (kept === undefined ? [] : (ledTo(kept.record) ?? [])));
  const attached = ingressesOf(key).map(({ balancer }) => balancer);
  const left = before?.record.ours === true && after?.record.ours !== true ? (['nodes'] as const) : [];
  return { keys: [...new Set([...named, ...attached, ...left])], window: ownersWindow };
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
  // its load balancer needs nothing of the nodes any more; what one that comes needs is said by its pass
  const left = isDedicated(before) && !isDedicated(after) ? (['nodes'] as const) : [];
  return { keys: [...new Set([...distinct(routes, balancers), ...own, ...left])], window: ownersWindow };
}

function isDedicated(kept: Kept<ServiceEntry> | undefined): boolean {
  return kept?.record.place.kind === 'dedicated';
}

function keysOfEntry(entry: ServiceEntry): readonly ControllerKey[] {
  const [pooled, subject] = [attachedService(entry)?.balancer, subjectName(entry)];
  return [
    ...(pooled === undefined ? [] : [pooled]),
    ...(subject === undefined ? [] : [subject]),
    ...(nodePortService(entry) === undefined ? [] : (['nodes'] as const)),
  ];
}

/**
 * Only what looks at Pods: members of plain node ports are nodes, and the coming and going of Pods behind them is nobody's business.
 * Who wrote a Service and nothing else is told at once when the first Pod answers, or the last one goes.
 */
export function wokenByEndpoints({ before, after }: Change<Kept<EndpointSliceRecord>>, lookups: Lookups): Wake {
  const turned = tidings(before?.record) !== tidings(after?.record);
  const services = [before, after].flatMap((kept) =>
    kept?.record.service === undefined ? [] : [objectName(kept.record.namespace, kept.record.service)],
  );
  const keys = [...new Set(services)].flatMap((service) => wokenByPodsOf({ name: service, turned }, lookups));
  return { keys: [...new Set(keys)], window: churnWindow };
}

/** What the condition BackendsHealthy is told from: whether there are Pods, whether one answers, and which ports they name. */
function tidings(slice: EndpointSliceRecord | undefined): string {
  if (slice === undefined) return '';
  const { endpoints } = slice;
  const ports = endpoints.flatMap((endpoint) => endpoint.ports.map(({ name, protocol }) => `${protocol} ${name}`));
  const answers = endpoints.some(({ ready, serving }) => ready || serving);
  return JSON.stringify([endpoints.length > 0, answers, [...new Set(ports)].toSorted()]);
}

function wokenByPodsOf(
  { name, turned }: { readonly name: ObjectName; readonly turned: boolean },
  { attachedIn, balancersIn, balancer, service, plain }: Lookups,
): readonly BalancerName[] {
  const [namespace = '', serviceName = ''] = name.split('/');
  const local = service(name)?.trafficPolicy === 'Local';
  const routes = attachedIn(namespace).filter(
    (route) =>
      route.services.has(serviceName) &&
      (local ||
        (turned && route.route.kind === 'Service') ||
        sendsToPods({ route, service: serviceName, defaults: defaultsOf(balancer(route.balancer)) })),
  );
  const balancers = balancersIn(namespace).filter(
    (one) => defaultServices(one).includes(serviceName) && (local || defaultsOf(one).targetType === 'PodIP'),
  );
  const self = plain(name);
  const looksAtPods =
    self !== undefined && (turned || local || self.service.annotations['octopool.dev/target-type'] === 'PodIP');
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

export function wokenByNode(_: Change<Kept<NodeObject>>, { balancers, dedicated }: Lookups): Wake {
  return { keys: [...balancers(), ...dedicated(), 'nodes'], window: churnWindow };
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
