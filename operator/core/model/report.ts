import type { BalancerName, ObjectName } from './brand.ts';
import type { Condition, RecordedBalancer } from './snapshot.ts';

/** What a pass tells Kubernetes. Only objects whose status differs from what was read are in it. */
export interface Report {
  readonly name: BalancerName;
  readonly balancer: BalancerStatus | undefined;
  readonly routes: readonly { readonly name: ObjectName; readonly uid: string; readonly status: RouteStatus }[];
  readonly events: readonly EventNote[];
  /** Whether the finalizer octopool.dev/balancer must stand on the balancer or come off; undefined: leave it. */
  readonly finalizer: 'add' | 'remove' | undefined;
}

export interface EventNote {
  readonly kind: 'SharedBalancer' | 'ServiceRoute';
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
