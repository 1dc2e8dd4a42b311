import type { CloudId, IpAddress, Milliseconds, Uid } from '../core/model/brand.ts';
import type { NodeAccessDone, NodeAccessIntent, NodeOperation, SeenNodeAccess } from '../core/model/node-access.ts';
import type { Done, Plan } from '../core/model/plan.ts';
import type { Problem } from '../core/model/reason.ts';
import type { Seen } from '../core/model/seen.ts';
import type { BalancerSpec } from '../core/model/balancer-spec.ts';

/** What the loop needs of OpenStack. The room `octavia` offers it; main wires them. */
export interface Cloud {
  /** The only read of the cloud in a pass: six lists of Octavia, and the Neutron objects around the VIP. */
  observe(question: Question, signal: AbortSignal): Promise<Observation>;
  /** Besides, where a decision hangs on them: the rules of some policies, one call each. What is gone by then stays unread. */
  observeRules(
    order: { readonly balancer: Question['balancer']; readonly seen: Seen; readonly policies: readonly CloudId[] },
    signal: AbortSignal,
  ): Promise<Observation>;
  /** The only writes. Waits for a busy balancer within the budget; a refusal stops the units it concerns and no others. */
  execute(order: Order, signal: AbortSignal): Promise<Done>;
  observeNodes(
    intent: NodeAccessIntent & { readonly groupName: string },
    signal: AbortSignal,
  ): Promise<SeenNodeAccess | Unseen>;
  executeNodes(operations: readonly NodeOperation[], signal: AbortSignal): Promise<NodeAccessDone>;
}

export interface Question {
  readonly cluster: Uid;
  readonly balancer: {
    readonly uid: Uid;
    readonly namespace: string;
    readonly name: string;
    readonly spec: BalancerSpec;
  };
  /** From status; checked against the tags. */
  readonly loadBalancerID: CloudId | undefined;
  /** Of a Service, whose status has no room for an id: where it answers; undefined: it was never told. */
  readonly recordedAddress: string | undefined;
  /** Addresses of the nodes: their subnet is the default of placement.vip. */
  readonly nodeAddresses: readonly IpAddress[];
  /** Which twelfth of the policies has its rules read this time; undefined: none. */
  readonly slice: number | undefined;
}

export type Observation = { readonly kind: 'seen'; readonly seen: Seen } | Unseen;

/** The cloud could not be read; nothing may be concluded from that. */
export interface Unseen {
  readonly kind: 'unseen';
  readonly problem: Problem;
  readonly retryAfterMs: number | undefined;
}

export interface Order {
  readonly balancer: Question['balancer'];
  readonly plan: Plan;
  /** Of the balancer when it exists already. */
  readonly loadBalancerID: CloudId | undefined;
  /** How long one pass may wait for a busy balancer; 60 s. */
  readonly budget: Milliseconds;
}
