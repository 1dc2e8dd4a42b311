import type { BalancerName, Instant, IpAddress, Milliseconds, ObjectName, Uid } from './brand.ts';
import type { Problem } from './reason.ts';

/** Everything of Kubernetes that one balancer's pass needs, read from synced caches at one moment. */
export interface Snapshot {
  /** UID of the namespace kube-system: the identity of this cluster in every tag. */
  readonly cluster: Uid;
  readonly name: BalancerName;
  /** undefined: no such object (any more). */
  readonly balancer: BalancerObject | undefined;
  /** Every ServiceRoute of any namespace whose balancerRef names this balancer. Objects marked for deletion are left out: their claims have ended. */
  readonly routes: readonly RouteObject[];
  /** Labels of every namespace that a route here comes from, by namespace name. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  /** All Services of those namespaces. */
  readonly services: ReadonlyMap<ObjectName, ServiceObject>;
  readonly nodes: readonly NodeObject[];
}

export type Labels = Readonly<Record<string, string>>;

export interface ObjectMeta {
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly generation: number;
  readonly createdAt: Instant;
}

/** A reference to an object of the cloud: by UUID or by a name that must match exactly one. */
export type CloudRef = { readonly id: string } | { readonly name: string };

export interface BalancerObject {
  readonly meta: ObjectMeta & { readonly deletedAt: Instant | undefined; readonly finalizers: readonly string[] };
  /** A spec that the schema refuses (it was stored before the schema learned to): nothing is changed then. */
  readonly spec: BalancerSpec | { readonly invalid: Problem };
  readonly status: RecordedBalancer;
}

export interface BalancerSpec {
  readonly cloud: CloudSelection;
  readonly placement: Placement;
  readonly network: { readonly memberSubnet: CloudRef | undefined; readonly floatingIP: FloatingIPSpec };
  readonly attachment: Attachment;
  readonly listeners: readonly ListenerSpec[];
  readonly defaults: BackendPolicySpec;
  readonly lifecycle: { readonly deletionPolicy: DeletionPolicy | undefined; readonly deletionProtection: boolean };
  readonly sync: { readonly interval: Milliseconds };
}

export interface CloudSelection {
  /** undefined: the operator's own credentials. */
  readonly credentialsRef: { readonly name: string; readonly key: string } | undefined;
  readonly cloudName: string | undefined;
  readonly region: string | undefined;
}

export interface Placement {
  readonly provider: string | undefined;
  readonly flavor: CloudRef | undefined;
  readonly availabilityZone: string | undefined;
  readonly vip: VipSpec | undefined;
}

export type VipSpec = ({ readonly subnet: CloudRef } | { readonly network: CloudRef } | { readonly port: CloudRef }) & {
  readonly address?: IpAddress | undefined;
};

export type DeletionPolicy = 'Delete' | 'Retain';

export interface FloatingIPSpec {
  /** undefined: Allocate, or None when the VIP has no IPv4 address. */
  readonly mode: 'Allocate' | 'Existing' | 'None' | undefined;
  readonly address: IpAddress | undefined;
  readonly network: CloudRef | undefined;
  readonly subnet: CloudRef | undefined;
  readonly reclaimPolicy: DeletionPolicy;
}

export interface Attachment {
  readonly from: 'None' | 'Same' | 'Selector' | 'All';
  readonly selector: LabelSelector | undefined;
  readonly undelegated: 'Deny' | 'FirstClaim';
}

export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

export interface ListenerSpec {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'HTTP';
  /** -1: no limit. */
  readonly connectionLimit: number;
  readonly timeouts: ListenerTimeouts;
}

export interface ListenerTimeouts {
  readonly clientData: Milliseconds;
  readonly memberConnect: Milliseconds;
  readonly memberData: Milliseconds;
  readonly tcpInspect: Milliseconds;
}

/** What one object says about backends; every field may be left to the next in line: rule > route > balancer > built-in. */
export interface BackendPolicySpec {
  readonly algorithm?: Algorithm | undefined;
  readonly healthMonitor?: HealthMonitorSpec | undefined;
  readonly maxNodes?: number | undefined;
}

export type Algorithm = 'RoundRobin' | 'LeastConnections' | 'SourceIP';

/** Atomic: inherited whole or not at all. */
export interface HealthMonitorSpec {
  readonly type: 'None' | 'TCP' | 'HTTP';
  readonly delay?: Milliseconds | undefined;
  readonly timeout?: Milliseconds | undefined;
  readonly maxRetries?: number | undefined;
  readonly maxRetriesDown?: number | undefined;
  readonly path?: string | undefined;
  readonly method?: string | undefined;
  readonly version?: '1.0' | '1.1' | undefined;
  readonly host?: string | undefined;
  readonly expectedCodes?: string | undefined;
}

export interface RouteObject {
  readonly meta: ObjectMeta;
  readonly spec: RouteSpec | { readonly invalid: Problem };
  readonly status: RecordedRoute;
}

export interface RouteSpec {
  readonly protocol: HttpRouteSpec | L4RouteSpec;
  readonly backendPolicy: BackendPolicySpec;
}

export interface HttpRouteSpec {
  readonly kind: 'http';
  /** undefined: every HTTP listener of the balancer. */
  readonly listeners: readonly string[] | undefined;
  readonly hostnames: readonly string[];
  readonly rules: readonly HttpRuleSpec[];
}

export interface HttpRuleSpec {
  readonly name: string;
  /** Empty: matches everything. */
  readonly matches: readonly MatchSpec[];
  readonly backends: readonly BackendSpec[];
  readonly backendPolicy: BackendPolicySpec;
}

export interface MatchSpec {
  readonly path: { readonly type: 'Exact' | 'PathPrefix'; readonly value: string } | undefined;
}

export interface BackendSpec {
  /** Name of a Service in the route's namespace. */
  readonly service: string;
  /** Number or name of one of its ports. */
  readonly port: number | string;
}

export interface L4RouteSpec {
  readonly kind: 'l4';
  readonly port: number;
  readonly protocol: 'TCP';
  readonly backends: readonly BackendSpec[];
}

export interface ServiceObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly ports: readonly {
    readonly name: string | undefined;
    readonly port: number;
    readonly protocol: 'TCP' | 'UDP' | 'SCTP';
    readonly nodePort: number | undefined;
  }[];
}

export interface NodeObject {
  readonly name: string;
  readonly uid: Uid;
  /** InternalIP addresses in the order of its status. */
  readonly addresses: readonly IpAddress[];
  readonly ready: boolean;
  /** Marked for deletion, labelled node.kubernetes.io/exclude-from-external-load-balancers, or tainted by the autoscaler for removal. */
  readonly leaving: boolean;
}

/** What an earlier pass wrote into the balancer's status, as far as a decision may lean on it. */
export interface RecordedBalancer {
  /** A hint; its tags are checked before it is believed. */
  readonly loadBalancerID: string | undefined;
  readonly address: string | undefined;
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
