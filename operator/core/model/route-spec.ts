import type { Milliseconds } from './brand.ts';
import type { L4Protocol, LabelSelector, ListenerTimeouts } from './terms.ts';

/** What one object says about backends; every field may be left to the next in line: rule > route > balancer > built-in. */
export interface BackendPolicySpec {
  readonly targetType?: TargetType | undefined;
  readonly nodeSelector?: LabelSelector | undefined;
  readonly maxNodes?: number | undefined;
  readonly algorithm?: Algorithm | undefined;
  readonly sessionPersistence?: PersistenceSpec | undefined;
  readonly proxyProtocol?: ProxyProtocol | undefined;
  readonly healthMonitor?: HealthMonitorSpec | undefined;
  readonly drainTimeout?: Milliseconds | undefined;
}

export type TargetType = 'NodePort' | 'PodIP';
export type ProxyProtocol = 'None' | 'V1' | 'V2';

/** Atomic: inherited whole or not at all. */
export interface PersistenceSpec {
  readonly type: 'None' | 'SourceIP' | 'HTTPCookie' | 'AppCookie';
  readonly cookieName?: string | undefined;
  readonly timeout?: Milliseconds | undefined;
}

export type Algorithm = 'RoundRobin' | 'LeastConnections' | 'SourceIP';

/** Atomic: inherited whole or not at all. */
export interface HealthMonitorSpec {
  readonly type: 'None' | 'TCP' | 'HTTP' | 'HTTPS' | 'TLSHello' | 'UDPConnect' | 'SCTP' | 'Ping';
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
  readonly action: ActionSpec;
  readonly backendPolicy: BackendPolicySpec;
}

export type ActionSpec =
  | { readonly type: 'Forward'; readonly backends: readonly BackendSpec[] }
  | ({ readonly type: 'Redirect'; readonly code: RedirectCode } & RedirectTarget)
  | { readonly type: 'Reject' };

export type RedirectCode = 301 | 302 | 303 | 307 | 308;
/** `url`: as it is. `prefix`: with the request's path behind it. */
export type RedirectTarget = { readonly url: string } | { readonly prefix: string };

/** Fields are ANDed, so are the entries of a list. */
export interface MatchSpec {
  readonly path: { readonly type: 'Exact' | 'PathPrefix' | 'Regex'; readonly value: string } | undefined;
  readonly headers: readonly FieldMatchSpec[];
  readonly cookies: readonly FieldMatchSpec[];
  /** Any of these. */
  readonly fileTypes: readonly string[];
}

export interface FieldMatchSpec {
  readonly name: string;
  readonly type: 'Exact' | 'Prefix' | 'Suffix' | 'Contains' | 'Regex' | 'Present';
  /** undefined only with Present. */
  readonly value: string | undefined;
  readonly invert: boolean;
}

export interface BackendRef {
  /** Name of a Service. */
  readonly service: string;
  /** Number or name of one of its ports. */
  readonly port: number | string;
}

/** The Service is one of the route's namespace. */
export interface BackendSpec extends BackendRef {
  /** Share of the requests, as a ratio to the other backends' weights. */
  readonly weight: number;
  /** Backup: serves only while no Active one is up. */
  readonly role: 'Active' | 'Backup';
}

export interface L4RouteSpec {
  readonly kind: 'l4';
  readonly port: number;
  readonly protocol: L4Protocol;
  /** Canonical CIDRs; empty: everybody. */
  readonly sourceRanges: readonly string[];
  /** -1: no limit. */
  readonly connectionLimit: number;
  /** TCP only; undefined: Octavia's defaults. */
  readonly timeouts: ListenerTimeouts | undefined;
  readonly backends: readonly BackendSpec[];
}
