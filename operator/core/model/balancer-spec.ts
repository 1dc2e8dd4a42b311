import type { IpAddress, Milliseconds } from './brand.ts';
import type { BackendPolicySpec, BackendRef } from './route-spec.ts';
import type { SubnetPattern } from './subnet-pattern.ts';
import type { CloudRef, L4Protocol, LabelSelector, ListenerTimeouts } from './terms.ts';

export interface BalancerSpec {
  readonly cloud: CloudSelection;
  readonly placement: Placement;
  readonly network: {
    readonly memberSubnet: CloudRef | undefined;
    readonly floatingIP: FloatingIPSpec;
    readonly qosPolicy: CloudRef | undefined;
  };
  readonly attachment: Attachment;
  readonly listeners: readonly ListenerSpec[];
  readonly defaults: BackendPolicySpec;
  readonly lifecycle: { readonly deletionPolicy: DeletionPolicy | undefined; readonly deletionProtection: boolean };
  readonly sync: { readonly interval: Milliseconds; readonly driftPolicy: 'Repair' | 'Report' };
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
  /** Asserted, never set: the flavor or the cloud decides. undefined: not asserted. */
  readonly topology: 'ActiveStandby' | 'Single' | undefined;
  readonly vip: VipSpec | undefined;
  /** On the same network as vip. */
  readonly additionalVips: readonly { readonly subnet: CloudRef; readonly address: IpAddress | undefined }[];
}

export type VipSpec = (
  | { readonly subnet: CloudRef }
  | { readonly network: CloudRef }
  | { readonly port: CloudRef }
  /** The subnet that most nodes are in. */
  | { readonly beside: 'nodes' }
) & {
  readonly address?: IpAddress | undefined;
};

export type DeletionPolicy = 'Delete' | 'Retain';

export interface FloatingIPSpec {
  /** undefined: Allocate, or None when the VIP has no IPv4 address. */
  readonly mode: 'Allocate' | 'Existing' | 'None' | undefined;
  readonly address: IpAddress | undefined;
  readonly network: CloudRef | undefined;
  readonly subnet: CloudRef | SubnetPattern | undefined;
  readonly reclaimPolicy: DeletionPolicy;
}

export interface Attachment {
  readonly from: 'None' | 'Same' | 'Selector' | 'All';
  readonly selector: LabelSelector | undefined;
  readonly kinds: readonly ('ServiceRoute' | 'Service' | 'Ingress')[];
  /** What no entry below covers. */
  readonly undelegated: 'Deny' | 'FirstClaim';
  /** A name under the pattern belongs to these namespaces and nobody else; the most specific pattern decides. */
  readonly hostnames: readonly { readonly pattern: string; readonly namespaces: readonly string[] }[];
  /** Both ends included. */
  readonly ports: readonly {
    readonly start: number;
    readonly end: number;
    readonly protocols: readonly L4Protocol[];
    readonly namespaces: readonly string[];
  }[];
  readonly regexMatches: 'Forbidden' | 'Allowed';
}

export interface ListenerSpec {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'Prometheus';
  /** -1: no limit. */
  readonly connectionLimit: number;
  readonly timeouts: ListenerTimeouts;
  /** Names of X-Forwarded-* headers, sorted. */
  readonly insertHeaders: readonly string[];
  /** Canonical; empty: everybody. */
  readonly allowedCidrs: readonly string[];
  /** A Service of the balancer's namespace for requests that no route asked for; undefined: 503. */
  readonly defaultBackend: BackendRef | undefined;
}
