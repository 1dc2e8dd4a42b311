import type { CloudId, IpAddress, Uid } from './brand.ts';
import type { Key } from './key.ts';
import type { RuleBody } from './body.ts';
import type { Problem } from './reason.ts';
import type { Ownership } from './tags.ts';
import type {
  WantedAddress,
  WantedListener,
  WantedLoadBalancer,
  WantedMember,
  WantedMonitor,
  WantedPolicy,
  WantedPool,
  WantedTree,
  WantedVip,
} from './wanted.ts';

/** An object of the cloud: there already, or made by an earlier operation of the same plan. */
export type Ref = { readonly id: CloudId } | { readonly key: Key };

/** One write. `why` is for people: plan output, logs, events. */
export type Operation = OperationBody & {
  readonly why: string;
  /** Whose rule this serves: a refusal of it stops that rule alone. undefined: the balancer's own. */
  readonly unit: { readonly owner: Uid; readonly rule: string } | undefined;
  /** Sent although nothing differs: the cloud did not carry out what it was told. Repeated with growing pauses. */
  readonly heals?: true;
};

export type OperationBody =
  | { readonly kind: 'createVipPort'; readonly vip: Extract<WantedVip, { kind: 'ownPort' }> }
  /** One fully populated POST. */
  | {
      readonly kind: 'createLoadBalancer';
      readonly loadBalancer: WantedLoadBalancer;
      readonly tree: WantedTree;
      readonly portId: CloudId | undefined;
    }
  | { readonly kind: 'updateLoadBalancer'; readonly id: CloudId; readonly loadBalancer: WantedLoadBalancer }
  | { readonly kind: 'deleteLoadBalancer'; readonly id: CloudId }
  /** New amphorae for a balancer in ERROR; only administrators may. */
  | { readonly kind: 'failoverLoadBalancer'; readonly id: CloudId }
  /** Takes our tags off a balancer that is kept. */
  | { readonly kind: 'releaseLoadBalancer'; readonly id: CloudId }
  | {
      readonly kind: 'createFloatingIP';
      readonly address: Extract<WantedAddress, { kind: 'allocate' }>;
      readonly portId: CloudId | undefined;
      /** The IPv4 address of the port that is meant. */
      readonly fixedAddress: IpAddress | undefined;
    }
  | {
      readonly kind: 'attachFloatingIP';
      readonly id: CloudId;
      readonly portId: CloudId | undefined;
      readonly fixedAddress: IpAddress | undefined;
    }
  | { readonly kind: 'detachFloatingIP'; readonly id: CloudId }
  | { readonly kind: 'deleteFloatingIP'; readonly id: CloudId }
  | { readonly kind: 'deleteVipPort'; readonly id: CloudId }
  | { readonly kind: 'createListener'; readonly listener: WantedListener; readonly defaultPool: Ref | undefined }
  | {
      readonly kind: 'updateListener';
      readonly id: CloudId;
      readonly listener: WantedListener;
      readonly defaultPool: Ref | undefined;
    }
  | { readonly kind: 'deleteListener'; readonly id: CloudId }
  | { readonly kind: 'createPool'; readonly pool: WantedPool }
  | { readonly kind: 'updatePool'; readonly id: CloudId; readonly pool: WantedPool }
  | {
      readonly kind: 'deletePool';
      readonly id: CloudId;
      /** `repointing`: a listener or policy that is not deleted at once still points to it when the plan begins. */
      readonly after: 'deletes' | 'repointing';
    }
  /** One batch PUT with all members of a pool. */
  | { readonly kind: 'replaceMembers'; readonly pool: Ref; readonly members: readonly WantedMember[] }
  | { readonly kind: 'createMonitor'; readonly monitor: WantedMonitor; readonly pool: Ref }
  | { readonly kind: 'updateMonitor'; readonly id: CloudId; readonly monitor: WantedMonitor }
  | { readonly kind: 'deleteMonitor'; readonly id: CloudId }
  | {
      readonly kind: 'createPolicy';
      readonly policy: WantedPolicy;
      readonly listener: Ref;
      /** Forward only. */
      readonly pool: Ref | undefined;
      /** 1-based; the others behind it move up by themselves. */
      readonly position: number;
      /** With several rules a policy is made switched off: half of its rules would match too much. */
      readonly enabled: 'atOnce' | 'afterItsRules';
    }
  | {
      readonly kind: 'updatePolicy';
      readonly id: CloudId;
      readonly policy: WantedPolicy;
      /** Forward only. */
      readonly pool: Ref | undefined;
      readonly position: number | undefined;
      /** `newRules`: its action may only change when it, or what is asked before it, is as narrow as that action needs it. */
      readonly after: 'pools' | 'newRules';
    }
  | { readonly kind: 'enablePolicy'; readonly policy: Ref }
  /** Switched off on suspicion; its tags then say so. */
  | { readonly kind: 'suspendPolicy'; readonly id: CloudId; readonly tags: Ownership }
  | {
      readonly kind: 'deletePolicy';
      readonly id: CloudId;
      /** `successor`: the same rule gets another policy in this plan, which serves first. Sent even if that was refused. */
      readonly after: 'nothing' | 'successor';
    }
  | { readonly kind: 'createRule'; readonly policy: Ref; readonly rule: RuleBody }
  /** Told once more, as it is. */
  | { readonly kind: 'updateRule'; readonly policy: Ref; readonly id: CloudId; readonly rule: RuleBody }
  | {
      readonly kind: 'deleteRule';
      readonly policy: Ref;
      readonly id: CloudId;
      /** `update`: of the same policy, and its new rules; else it would match too much in between. */
      readonly after: 'nothing' | 'update';
    };

export interface Plan {
  readonly operations: readonly Operation[];
  /** Of these and of the withheld: what puts back that somebody else changed. */
  readonly drifted: readonly Operation[];
  /** Operations that the guard took out, each with what stands in their way. */
  readonly withheld: readonly { readonly operation: Operation; readonly problem: Problem }[];
}

/** How a plan ended. */
export interface Done {
  /** Operations that the cloud accepted. */
  readonly applied: readonly Operation[];
  /** Operations that it refused for good, and those that needed them. */
  readonly refused: readonly { readonly operation: Operation; readonly problem: Problem }[];
  readonly outcome: Outcome;
}

export type Outcome =
  /** Nothing left to do. */
  | { readonly kind: 'settled' }
  /** Something was written: look again at once. */
  | { readonly kind: 'changed' }
  /** Something was written and more is to be: the rest is decided on again, after other balancers had their turn. */
  | { readonly kind: 'unfinished' }
  /** The balancer is busy; the key comes back. */
  | { readonly kind: 'waiting'; readonly problem: Problem }
  /** The cloud did not do it; the key comes back with backoff, or after retryAfterMs. */
  | {
      readonly kind: 'failed';
      readonly problem: Problem;
      readonly retryAfterMs: number | undefined;
      /** `units`: only single rules are not as they should be. */
      readonly concerns: 'balancer' | 'units';
    };
