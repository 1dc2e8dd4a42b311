import type { PoolProtocol } from './body.ts';
import type { BalancerName, Instant, IpAddress, Milliseconds, Uid } from './brand.ts';
import type { Problem } from './reason.ts';
import type { Attachment, BalancerSpec, ListenerSpec } from './balancer-spec.ts';
import type { Algorithm, FieldMatchSpec, PersistenceSpec, RedirectCode, RedirectTarget } from './route-spec.ts';
import type { RecordedClaim, Switches } from './snapshot.ts';
import type { L4Protocol, Labels, ListenerTimeouts } from './terms.ts';

/** All inputs of one balancer in one form, whatever kind of object said them. */
export interface Intents {
  readonly balancer: BalancerIntent;
  readonly routes: readonly RouteIntent[];
}

export interface BalancerIntent {
  /** Service: a balancer of one. */
  readonly kind: 'SharedBalancer' | 'Service';
  readonly name: BalancerName;
  readonly cluster: Uid;
  readonly uid: Uid;
  readonly listeners: readonly ListenerSpec[];
  readonly attachment: Attachment;
  readonly spec: BalancerSpec;
  readonly switches: Switches;
  /** What its own status says of its VIP. */
  readonly formerVipAddress: IpAddress | undefined;
  /** What its owner wrote wrong of the whole: it is not made, and where it stands, its addresses stay as they are. */
  readonly fault?: Problem | undefined;
  /** Nodes that can be members, with the one address used, sorted by name. */
  readonly nodes: readonly EligibleNode[];
  /** Nodes that are there but must get no new connections: what they still answer is drained. */
  readonly leavingNodes: readonly EligibleNode[];
  /** Pools for requests that no route asked for, by the listener. */
  readonly defaultBackends: readonly DefaultBackendIntent[];
  /** What answers in the balancer's own namespace. */
  readonly own: OwnTargets;
}

/** What can answer in one namespace. A held pool may keep members on these and no others: what is free may be another tenant's tomorrow. */
export interface OwnTargets {
  readonly nodePorts: ReadonlySet<number>;
  /** Where its Services of externalTrafficPolicy Local say which nodes have a ready Pod. */
  readonly healthCheckNodePorts: ReadonlySet<number>;
  /** By `address port`. */
  readonly pods: ReadonlyMap<string, PodTarget['state']>;
}

export interface EligibleNode {
  readonly name: string;
  readonly uid: Uid;
  readonly address: IpAddress;
  readonly labels: Labels;
}

export interface DefaultBackendIntent {
  readonly listener: string;
  readonly pool: PoolIntent;
  readonly problem: Problem | undefined;
}

/** Where an intent comes from. */
export interface Source {
  readonly kind: 'ServiceRoute' | 'Service' | 'Ingress';
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly generation: number;
  readonly createdAt: Instant;
}

export interface RouteIntent {
  readonly source: Source;
  readonly namespaceLabels: Labels;
  readonly switches: Switches;
  /** What the whole route did wrong; its rules are then unknown and what is programmed for it is held. */
  readonly problem: Problem | undefined;
  readonly rules: readonly RuleIntent[];
  /** What it asks for and does not get although it is served: told beside its acceptance. */
  readonly remarks: readonly Problem[];
  /** What it asks of the addresses of a balancer that it shares. */
  readonly reach?: Reach | undefined;
  /** What answers in the route's namespace. */
  readonly own: OwnTargets;
  readonly recorded: readonly RecordedClaim[];
}

export interface Reach {
  /** Not to be reached from outside the cloud's networks. */
  readonly internal: boolean;
  /** undefined: any will do. */
  readonly address: IpAddress | undefined;
}

export type RuleIntent = HttpRuleIntent | L4RuleIntent;

export interface HttpRuleIntent {
  readonly kind: 'http';
  readonly name: string;
  /** Names of the balancer's listeners that serve this rule, sorted. */
  readonly listeners: readonly string[];
  /** Lower-case, sorted, distinct. */
  readonly hostnames: readonly string[];
  /** To go on as before would show more than is asked: it is closed, not held. */
  readonly withdrawn?: Problem | undefined;
  /** At least one; canonical and distinct. */
  readonly matches: readonly Match[];
  readonly action: ActionIntent;
  readonly problem: Problem | undefined;
}

export type ActionIntent =
  | { readonly type: 'Forward'; readonly pool: PoolIntent }
  | ({ readonly type: 'Redirect'; readonly code: RedirectCode } & RedirectTarget)
  | { readonly type: 'Reject' };

export interface L4RuleIntent {
  readonly kind: 'l4';
  /** `l4` of a ServiceRoute, `tcp-80` of a plain Service. */
  readonly name: string;
  readonly port: number;
  readonly protocol: L4Protocol;
  /** Headers that an HTTP listener of its own adds; undefined: packets pass as they are. TCP only. */
  readonly http: { readonly insertHeaders: readonly string[] } | undefined;
  /** Canonical and sorted; empty: everybody. */
  readonly allowedCidrs: readonly string[];
  /** -1: no limit. */
  readonly connectionLimit: number;
  readonly timeouts: ListenerTimeouts | undefined;
  readonly pool: PoolIntent;
  readonly problem: Problem | undefined;
}

/** A canonical match: equal matches have equal text. */
export interface Match {
  readonly path:
    | { readonly type: 'Any' }
    | { readonly type: 'Exact'; readonly value: string }
    /** Without a trailing slash, never empty: `/` is `Any`. */
    | { readonly type: 'PathPrefix'; readonly value: string }
    | { readonly type: 'Regex'; readonly value: string };
  /** Sorted and distinct, names in lower case. */
  readonly headers: readonly FieldMatchSpec[];
  /** Sorted and distinct; names as written. */
  readonly cookies: readonly FieldMatchSpec[];
  /** Sorted and distinct; any of them. */
  readonly fileTypes: readonly string[];
}

export interface PoolIntent {
  readonly backends: readonly BackendIntent[];
  readonly protocol: PoolProtocol;
  readonly algorithm: Algorithm;
  readonly monitor: MonitorIntent;
  /** NodePort targets only; undefined: all eligible nodes. */
  readonly maxNodes: number | undefined;
  /** NodePort targets only: names of the nodes that nodeSelector lets be members; undefined: all. */
  readonly nodes: ReadonlySet<string> | undefined;
  readonly persistence: PersistenceSpec | undefined;
  /** 0: what leaves, leaves at once. */
  readonly drainTimeout: Milliseconds;
}

/** A backend whose Service and port were found. */
export interface BackendIntent {
  readonly service: string;
  readonly port: number;
  readonly weight: number;
  readonly role: 'Active' | 'Backup';
  readonly target: TargetIntent;
}

export type TargetIntent =
  | {
      readonly type: 'NodePort';
      readonly nodePort: number;
      /** externalTrafficPolicy Local: names of the nodes that have a ready endpoint; undefined: every node answers. */
      readonly localNodes: ReadonlySet<string> | undefined;
      /** Where each node says whether it has a ready Pod, if the monitor asks there. */
      readonly healthCheckNodePort: number | undefined;
    }
  | { readonly type: 'PodIP'; readonly pods: readonly PodTarget[] };

export interface PodTarget {
  readonly name: string;
  readonly address: IpAddress;
  readonly port: number;
  /** Draining: terminating, but still answering. */
  readonly state: 'Serving' | 'Draining';
}

export type MonitorIntent =
  | { readonly type: 'None' }
  | ({ readonly type: 'TCP' | 'TLSHello' | 'UDPConnect' | 'SCTP' | 'Ping' } & MonitorTiming)
  | ({
      readonly type: 'HTTP' | 'HTTPS';
      readonly path: string;
      readonly method: string;
      readonly version: '1.0' | '1.1';
      readonly host: string | undefined;
      readonly expectedCodes: string;
    } & MonitorTiming);

export interface MonitorTiming {
  readonly delay: Milliseconds;
  readonly timeout: Milliseconds;
  readonly maxRetries: number;
  readonly maxRetriesDown: number;
}

/** One text for one match; part of keys, so it may never change its form. */
export function matchText({ path, headers, cookies, fileTypes }: Match): string {
  return [
    path.type === 'Any' ? 'any' : `${path.type} ${path.value}`,
    ...headers.map((one) => `header ${fieldText(one)}`),
    ...cookies.map((one) => `cookie ${fieldText(one)}`),
    ...(fileTypes.length === 0 ? [] : [`files ${fileTypes.join(',')}`]),
  ].join(' & ');
}

export function fieldText({ name, type, value, invert }: FieldMatchSpec): string {
  return `${invert ? 'not ' : ''}${name} ${type}${value === undefined ? '' : ` ${value}`}`;
}
