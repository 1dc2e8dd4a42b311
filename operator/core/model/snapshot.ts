import type { BalancerSpec } from './balancer-spec.ts';
import type { BalancerName, Instant, IpAddress, Milliseconds, ObjectName, Uid } from './brand.ts';
import type { IngressSpec } from './ingress-spec.ts';
import type { PlainService, RecordedIngress } from './plain-service.ts';
import type { Problem } from './reason.ts';
import type { RouteSpec } from './route-spec.ts';
import type { L4Protocol, Labels } from './terms.ts';

/** Everything of Kubernetes that one balancer's pass needs, read from synced caches at one moment. */
export interface Snapshot {
  /** UID of the namespace kube-system: the identity of this cluster in every tag. */
  readonly cluster: Uid;
  readonly name: BalancerName;
  /** undefined: no such object (any more). */
  readonly balancer: BalancerObject | undefined;
  /**
   * Every object of any namespace that is attached to this balancer: ServiceRoutes, Services, Ingresses. Objects marked for deletion
   * are left out: their claims have ended.
   */
  readonly routes: readonly RouteObject[];
  /** Labels of every namespace that a route here comes from, by namespace name. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  /** All Services of those namespaces, and of the balancer's own. */
  readonly services: ReadonlyMap<ObjectName, ServiceObject>;
  /** The endpoints of each of those Services, all its slices together; absent: none are known. */
  readonly endpoints: ReadonlyMap<ObjectName, readonly EndpointObject[]>;
  readonly nodes: readonly NodeObject[];
  /** Of a key that stands for a Service: the Service itself, marked for deletion or not; undefined: it is gone, or the key is another's. */
  readonly subject?: PlainServiceObject | undefined;
}

export interface ObjectMeta {
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly generation: number;
  readonly createdAt: Instant;
}

export interface BalancerObject {
  /** Service: a balancer of one, which its Service alone describes. */
  readonly kind: 'SharedBalancer' | 'Service';
  readonly meta: ObjectMeta & { readonly deletedAt: Instant | undefined; readonly finalizers: readonly string[] };
  readonly switches: Switches;
  /** A spec that the schema refuses (it was stored before the schema learned to): nothing is changed then. */
  readonly spec: BalancerSpec | { readonly invalid: Problem };
  /** Of a balancer of one: what is wrong with it as a whole. `spec` is then what could be read; nothing is made by it. */
  readonly fault?: Problem | undefined;
  readonly status: RecordedBalancer;
}

/** What annotations of an object of ours say. */
export interface Switches {
  /** octopool.dev/paused: no cloud write for it. */
  readonly paused: boolean;
  /** octopool.dev/allow-disruptive: changes that close a port for seconds are permitted. */
  readonly allowDisruptive: boolean;
}

/** An input of a balancer, in whatever form its owner wrote it. */
export type RouteObject = ServiceRouteObject | PlainServiceObject | IngressObject;

interface AttachedObject {
  readonly meta: ObjectMeta;
  readonly switches: Switches;
  readonly status: RecordedRoute;
}

export interface ServiceRouteObject extends AttachedObject {
  readonly kind: 'ServiceRoute';
  readonly spec: RouteSpec | { readonly invalid: Problem };
}

/** A Service that is attached by what stands on itself. */
export interface PlainServiceObject extends AttachedObject {
  readonly kind: 'Service';
  readonly service: PlainService;
}

export interface IngressObject extends AttachedObject {
  readonly kind: 'Ingress';
  readonly ingress: IngressSpec;
  /** Where its status says it is reached. */
  readonly recordedIngress: readonly RecordedIngress[];
}

export interface ServiceObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly ports: readonly {
    readonly name: string | undefined;
    readonly port: number;
    readonly protocol: L4Protocol;
    readonly nodePort: number | undefined;
    /** The name of the port in the Pods, where it is not told by a number. */
    readonly targetPort: string | undefined;
    readonly appProtocol?: string | undefined;
  }[];
  /** Which Pods it sends to; undefined: somebody else writes its endpoints. */
  readonly selector: Labels | undefined;
  /** Local: only nodes that run a ready Pod of it serve its node ports. */
  readonly trafficPolicy: 'Cluster' | 'Local';
  /** With Local on type LoadBalancer: the node port on which kube-proxy says whether the node has a ready Pod. */
  readonly healthCheckNodePort: number | undefined;
  readonly publishNotReadyAddresses: boolean;
  /** How long sessionAffinity ClientIP holds a client; undefined: it does not. */
  readonly clientAffinity: Milliseconds | undefined;
}

/** One endpoint of one EndpointSlice. */
export interface EndpointObject {
  readonly address: IpAddress;
  /** Name of the Pod, else the address. */
  readonly name: string;
  readonly node: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** By the name and protocol of the Service port; an unnamed port has the name ''. */
  readonly ports: readonly { readonly name: string; readonly protocol: L4Protocol; readonly port: number }[];
}

export interface NodeObject {
  readonly name: string;
  readonly uid: Uid;
  /** InternalIP addresses in the order of its status. */
  readonly addresses: readonly IpAddress[];
  readonly ready: boolean;
  /** Marked for deletion, labelled node.kubernetes.io/exclude-from-external-load-balancers, or tainted by the autoscaler for removal. */
  readonly leaving: boolean;
  readonly labels: Labels;
}

/** What an earlier pass wrote into the balancer's status, as far as a decision may lean on it. */
export interface RecordedBalancer {
  /** A hint; its tags are checked before it is believed. */
  readonly loadBalancerID: string | undefined;
  readonly address: string | undefined;
  /** The VIP that it had. */
  readonly vipAddress: IpAddress | undefined;
  readonly conditions: readonly Condition[];
  /** The status exactly as read, to write only when it differs. */
  readonly raw: unknown;
}

/** What an earlier pass wrote into a route's status. */
export interface RecordedRoute {
  readonly claims: readonly RecordedClaim[];
  readonly address: string | undefined;
  readonly conditions: readonly Condition[];
  readonly raw: unknown;
}

export interface RecordedClaim {
  readonly type: 'Hostname' | 'Port';
  /** A hostname, or `TCP/30432`. */
  readonly value: string;
  readonly listeners: readonly string[];
  readonly state: 'Held' | 'Waiting';
  readonly since: Instant;
}

/** metav1.Condition */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** RFC 3339, whole seconds. */
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}
