import type { BalancerName, Instant, IpAddress, Milliseconds, Uid } from './brand.ts';
import type { Problem } from './reason.ts';
import type { Algorithm, Attachment, BalancerSpec, Labels, ListenerSpec, RecordedClaim } from './snapshot.ts';

/** All inputs of one balancer in one form, whatever kind of object said them. */
export interface Intents {
  readonly balancer: BalancerIntent;
  readonly routes: readonly RouteIntent[];
}

export interface BalancerIntent {
  readonly name: BalancerName;
  readonly cluster: Uid;
  readonly uid: Uid;
  readonly listeners: readonly ListenerSpec[];
  readonly attachment: Attachment;
  readonly spec: BalancerSpec;
  /** Nodes that can be members, with the one address used, sorted by name. */
  readonly nodes: readonly EligibleNode[];
}

export interface EligibleNode {
  readonly name: string;
  readonly uid: Uid;
  readonly address: IpAddress;
}

/** Where an intent comes from. */
export interface Source {
  readonly kind: 'ServiceRoute';
  readonly namespace: string;
  readonly name: string;
  readonly uid: Uid;
  readonly generation: number;
  readonly createdAt: Instant;
}

export interface RouteIntent {
  readonly source: Source;
  readonly namespaceLabels: Labels;
  /** What the whole route did wrong; its rules are then unknown and what is programmed for it is held. */
  readonly problem: Problem | undefined;
  readonly rules: readonly RuleIntent[];
  /** Node ports of all Services in the route's namespace: a held pool may keep members on these and no others. */
  readonly ownNodePorts: ReadonlySet<number>;
  readonly recorded: readonly RecordedClaim[];
}

export type RuleIntent = HttpRuleIntent | L4RuleIntent;

export interface HttpRuleIntent {
  readonly kind: 'http';
  readonly name: string;
  /** Names of the balancer's listeners that serve this rule, sorted. */
  readonly listeners: readonly string[];
  /** Lower-case, sorted, distinct. */
  readonly hostnames: readonly string[];
  /** At least one; canonical and distinct. */
  readonly matches: readonly Match[];
  readonly pool: PoolIntent;
  readonly problem: Problem | undefined;
}

export interface L4RuleIntent {
  readonly kind: 'l4';
  /** Always `l4`. */
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP';
  readonly pool: PoolIntent;
  readonly problem: Problem | undefined;
}

/** A canonical match: equal matches have equal text. */
export interface Match {
  readonly path:
    | { readonly type: 'Any' }
    | { readonly type: 'Exact'; readonly value: string }
    /** Without a trailing slash, never empty: `/` is `Any`. */
    | { readonly type: 'PathPrefix'; readonly value: string };
}

export interface PoolIntent {
  readonly backends: readonly BackendIntent[];
  readonly algorithm: Algorithm;
  readonly monitor: MonitorIntent;
  /** undefined: all eligible nodes. */
  readonly maxNodes: number | undefined;
}

/** A backend whose Service, port and node port were found. */
export interface BackendIntent {
  readonly service: string;
  readonly port: number;
  readonly nodePort: number;
}

export type MonitorIntent =
  | { readonly type: 'None' }
  | ({ readonly type: 'TCP' } & MonitorTiming)
  | ({
      readonly type: 'HTTP';
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
export function matchText(match: Match): string {
  return match.path.type === 'Any' ? 'any' : `${match.path.type} ${match.path.value}`;
}
