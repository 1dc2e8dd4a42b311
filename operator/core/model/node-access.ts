import type { Brand, CloudId, IpAddress, Uid } from './brand.ts';
import type { Problem } from './reason.ts';

/**
 * The one thing that belongs to the cluster and to no single balancer: the security group which lets balancers reach
 * node ports. It has a key of its own in the queue, `nodes`, and goes through the same stages as a balancer.
 */
export interface NodeAccessIntent {
  readonly cluster: Uid;
  readonly nodes: readonly { readonly name: string; readonly uid: Uid; readonly addresses: readonly IpAddress[] }[];
  /** The cluster's node ports, both ends included. */
  readonly portRange: { readonly min: number; readonly max: number };
  /** From where, and by which protocol, balancers of this cluster reach nodes; sorted and distinct. */
  readonly sources: readonly NodeSource[];
  /** False until every SharedBalancer there is has said what it needs: nothing is taken away before. */
  readonly complete: boolean;
}

/** Name of the group: `octopool-nodes-<first 8 of the cluster's UID>`. */
export type GroupName = Brand<string, 'GroupName'>;

export interface SeenNodeAccess {
  readonly group: { readonly id: CloudId; readonly rules: readonly SeenNodeRule[] } | undefined;
  readonly ports: readonly SeenNodePort[];
  /** Ports that carry the group although no node has their address (any more). */
  readonly former: readonly SeenNodePort[];
  /** Nodes whose Neutron port was not found. */
  readonly missing: readonly string[];
}

export interface SeenNodeRule extends NodeRule {
  readonly id: CloudId;
  /** By its description; others are never touched. */
  readonly ours: boolean;
}

export interface NodeSource {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly cidr: string;
}

export interface NodeRule {
  readonly protocol: NodeSource['protocol'];
  readonly min: number;
  readonly max: number;
  readonly cidr: string;
}

export interface SeenNodePort {
  readonly id: CloudId;
  readonly node: string;
  readonly securityGroupIds: readonly CloudId[];
  readonly portSecurity: boolean;
  /** Sent back as If-Match, so that no other writer's change is lost. */
  readonly revision: number;
}

export type NodeOperation = { readonly why: string } & (
  | { readonly kind: 'createGroup'; readonly name: GroupName; readonly description: string }
  | {
      readonly kind: 'createNodeRule';
      readonly group: CloudId | 'created';
      readonly rule: NodeRule;
      readonly description: string;
    }
  | { readonly kind: 'deleteNodeRule'; readonly id: CloudId }
  | { readonly kind: 'attachGroup'; readonly group: CloudId | 'created'; readonly port: SeenNodePort }
  | { readonly kind: 'detachGroup'; readonly group: CloudId; readonly port: SeenNodePort }
  | { readonly kind: 'deleteGroup'; readonly id: CloudId }
);

export interface NodeAccessDone {
  readonly applied: readonly NodeOperation[];
  readonly failed: { readonly problem: Problem; readonly retryAfterMs: number | undefined } | undefined;
}
