import type { Brand, CloudId, IpAddress, Uid } from './brand.ts';
import type { Problem } from './reason.ts';
import type { Condition, ObjectMeta } from './snapshot.ts';

/**
 * What belongs to the cluster and to no single balancer: the security group that lets balancers and the clients of NodePort Services
 * reach node ports, and the public addresses of nodes. It has a key of its own in the queue, `nodes`, and goes through the same
 * stages as a balancer.
 */
export interface NodeAccessIntent {
  readonly cluster: Uid;
  readonly nodes: readonly AccessNode[];
  /** The cluster's node ports, both ends included. */
  readonly portRange: { readonly min: number; readonly max: number };
  /** From where, and by which protocol, balancers of this cluster reach nodes; sorted and distinct. */
  readonly sources: readonly NodeSource[];
  /** False until every SharedBalancer there is has said what it needs: nothing of theirs is taken away before. */
  readonly complete: boolean;
  readonly services: readonly NodePortIntent[];
  /** off: rules are somebody else's business. */
  readonly group: 'managed' | 'off';
  /** off: no node gets a public address from us. */
  readonly floatingIPs: 'allowed' | 'off';
}

export interface AccessNode {
  readonly name: string;
  readonly uid: Uid;
  readonly addresses: readonly IpAddress[];
  readonly state: 'ready' | 'unready' | 'leaving';
}

/** What a NodePort Service asks of the nodes. `held`: what there is stays, and nothing is added. */
export interface NodePortIntent {
  readonly meta: ObjectMeta;
  readonly ports: readonly { readonly protocol: PortProtocol; readonly nodePort: number }[];
  /** CIDRs that are let in; undefined: none is asked for. */
  readonly sources: readonly string[] | 'held' | undefined;
  /** How many nodes are to have a public address; 0: none is asked for. */
  readonly addresses: number | 'held';
  /** An annotation that cannot be read. */
  readonly problem: Problem | undefined;
  /** Paused: nothing is done, and nothing is said. */
  readonly paused: boolean;
  readonly recorded: Condition | undefined;
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
  /** Those that are ours, and those that anybody gave to a node. */
  readonly addresses: readonly SeenNodeAddress[];
}

export interface SeenNodeRule extends NodeRule {
  readonly id: CloudId;
  /** By its description; others are never touched. */
  readonly ours: boolean;
}

/** A floating IP. */
export interface SeenNodeAddress {
  readonly id: CloudId;
  readonly address: IpAddress;
  /** The node that we made it for; undefined: it is not ours. */
  readonly madeFor: Uid | undefined;
  readonly portId: CloudId | undefined;
}

/** Protocols that node ports have. */
export type PortProtocol = 'tcp' | 'udp' | 'sctp';

export interface NodeSource {
  /** The last two, as Neutron calls them, for monitors that only ask whether a machine answers. */
  readonly protocol: PortProtocol | 'icmp' | 'ipv6-icmp';
  readonly cidr: string;
}

export interface NodeRule {
  readonly protocol: NodeSource['protocol'];
  /** Both 0 where the protocol has no ports. */
  readonly min: number;
  readonly max: number;
  readonly cidr: string;
  /** Whose clients it lets in; undefined: balancers. */
  readonly service: Uid | undefined;
}

export interface SeenNodePort {
  readonly id: CloudId;
  readonly node: string;
  readonly subnets: readonly { readonly id: CloudId; readonly address: IpAddress }[];
  readonly securityGroupIds: readonly CloudId[];
  readonly portSecurity: boolean;
  /** Sent back as If-Match, so that no other writer's change is lost. */
  readonly revision: number;
}

/** A node that is to have a public address, and on which of its own that stands. */
export interface WantedNodeAddress {
  readonly node: AccessNode;
  readonly port: SeenNodePort;
  readonly inside: SeenNodePort['subnets'][number];
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
  | { readonly kind: 'createNodeAddress'; readonly on: WantedNodeAddress; readonly description: string }
  /** The address stays what it is, and leads to another node. */
  | {
      readonly kind: 'moveNodeAddress';
      readonly id: CloudId;
      readonly on: WantedNodeAddress;
      readonly description: string;
    }
  | { readonly kind: 'deleteNodeAddress'; readonly id: CloudId }
);

export interface NodeAccessDone {
  readonly applied: readonly NodeOperation[];
  /** One that is refused stops those that build on it, and no others. */
  readonly failed: readonly NodeFailure[];
}

export interface NodeFailure {
  readonly operation: NodeOperation;
  readonly problem: Problem;
  readonly retryAfterMs: number | undefined;
}
