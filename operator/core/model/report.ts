import type { BalancerName, ObjectName, Uid } from './brand.ts';
import type { Condition, RecordedBalancer } from './snapshot.ts';

/** What a pass tells Kubernetes. Only objects whose status differs from what was read are in it. */
export interface Report {
  readonly name: BalancerName;
  readonly balancer: BalancerStatus | undefined;
  readonly routes: readonly RouteReport[];
  readonly events: readonly EventNote[];
  /** Whether our finalizer must stand on the balancer (on the Service that has one of its own) or come off; undefined: leave it. */
  readonly finalizer: 'add' | 'remove' | undefined;
}

/** What owners of Ingresses were told, by UID, a text for each Reason: they have no conditions where it could stand. */
export type ToldIngresses = ReadonlyMap<Uid, readonly string[]>;

/** Each kind of input is answered in its own form. */
export type RouteReport = { readonly name: ObjectName; readonly uid: string } & RouteAnswer;

export type RouteAnswer =
  | { readonly kind: 'ServiceRoute'; readonly status: RouteStatus }
  | { readonly kind: 'Service'; readonly status: ServiceStatus }
  | { readonly kind: 'Ingress'; readonly status: IngressStatus };

/** What is ours of the status of a Service; empty: nothing (any more). */
export interface ServiceStatus {
  /** Types with the prefix `octopool.dev/`. */
  readonly conditions?: readonly Condition[] | undefined;
  readonly loadBalancer?: { readonly ingress: readonly ServiceIngress[] } | undefined;
}

/** What the pass over the nodes tells a Service. */
export interface NodePortReport {
  readonly name: ObjectName;
  readonly uid: string;
  /** octopool.dev/NodePortReachable; undefined: it is taken away. */
  readonly condition: Condition | undefined;
  readonly events: readonly EventNote[];
}

/** core/v1 LoadBalancerIngress */
export interface ServiceIngress {
  readonly ip?: string | undefined;
  readonly ipMode?: 'VIP' | 'Proxy' | undefined;
  readonly hostname?: string | undefined;
  readonly ports: readonly PortStatus[];
}

/** core/v1 PortStatus; `error` is `octopool.dev/<Reason>`. */
export interface PortStatus {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly error?: string | undefined;
}

/** networking.k8s.io/v1 IngressStatus */
export interface IngressStatus {
  readonly loadBalancer: {
    readonly ingress: readonly { readonly ip: string; readonly ports: readonly PortStatus[] }[];
  };
}

export interface EventNote {
  readonly kind: 'SharedBalancer' | 'ServiceRoute' | 'Service' | 'Ingress' | 'Node';
  /** Of a Node, which has none: `default`, where Kubernetes keeps events of such objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface BalancerStatus {
  readonly observedGeneration: number;
  readonly loadBalancerID?: string | undefined;
  readonly address?: string | undefined;
  readonly addresses: readonly { readonly type: 'FloatingIP' | 'VIP'; readonly value: string }[];
  readonly provisioningStatus?: string | undefined;
  readonly operatingStatus?: string | undefined;
  readonly topology?: 'ActiveStandby' | 'Single' | 'Unknown' | undefined;
  readonly deletionPolicy: 'Delete' | 'Retain';
  readonly counts: {
    readonly routes: number;
    readonly conflicted: number;
    readonly rejected: number;
    readonly listeners: number;
    readonly pools: number;
    readonly members: number;
    readonly foreignListeners: number;
  };
  readonly listeners: readonly {
    readonly name: string;
    readonly listenerID?: string | undefined;
    readonly routes: number;
    readonly conditions: readonly Condition[];
  }[];
  readonly conditions: readonly Condition[];
}

export interface RouteStatus {
  readonly observedGeneration: number;
  readonly balancer: BalancerName;
  readonly address?: string | undefined;
  /** `n/m` of monitored members, `-` without a monitor. */
  readonly healthy: string;
  readonly claims: readonly {
    readonly type: 'Hostname' | 'Port';
    readonly value: string;
    readonly listeners: readonly string[];
    readonly state: 'Held' | 'Waiting';
    /** RFC 3339 */
    readonly since: string;
  }[];
  readonly rules: readonly {
    readonly name: string;
    readonly state: 'Programmed' | 'Pending' | 'Held' | 'Dropped' | 'Conflicted';
    readonly reason?: string | undefined;
    readonly message?: string | undefined;
    readonly healthy?: string | undefined;
  }[];
  readonly conditions: readonly Condition[];
}

export type { RecordedBalancer };
