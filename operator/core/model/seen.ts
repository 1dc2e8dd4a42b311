import type { CloudId, Instant, IpAddress, Uid } from './brand.ts';
import type { ListenerBody, MemberBody, MonitorBody, PoolBody, RuleBody } from './body.ts';
import type { Problem } from './reason.ts';
import type { Ownership } from './tags.ts';
import type { AdditionalVip, FloatingSource } from './wanted.ts';

/** What is, in the cloud, of one balancer; read once a pass. */
export interface Seen {
  readonly loadBalancer: SeenLoadBalancer | undefined;
  /** A balancer that carries our tags beside the one above and has no children and no floating IP: left by a crash. */
  readonly surplus: readonly CloudId[];
  readonly listeners: readonly SeenListener[];
  readonly pools: readonly SeenPool[];
  readonly monitors: readonly SeenMonitor[];
  /** In the order of their position on each listener. */
  readonly policies: readonly SeenPolicy[];
  /** undefined beside a load balancer: somebody took its port away. */
  readonly vipPort: SeenVipPort | undefined;
  /** The floating IP on the VIP port, or the one that is ours by description and waits for it. */
  readonly floatingIP: SeenFloatingIP | undefined;
  /** Told by the amphorae; Unknown: the credentials may not read them; undefined: not asked yet. */
  readonly topology: 'ActiveStandby' | 'Single' | 'Unknown' | undefined;
  /** Names of the spec resolved to ids, or why that failed. */
  readonly resolved: Resolved;
}

export interface Resolved {
  /** What the balancer's own references could not be resolved to. */
  readonly problem: Problem | undefined;
  readonly flavorId: CloudId | undefined;
  readonly vip:
    | {
        readonly networkId: CloudId;
        readonly subnetId: CloudId;
        readonly givenPortId: CloudId | undefined;
        readonly family: 'IPv4' | 'IPv6';
      }
    | undefined;
  /** CIDR from which the amphorae reach the nodes. */
  readonly memberCidr: string | undefined;
  readonly memberSubnetId: CloudId | undefined;
  readonly qosPolicyId: CloudId | undefined;
  readonly additionalVips: readonly AdditionalVip[];
  readonly floating: FloatingSource | undefined;
  readonly existingFloatingIpId: CloudId | undefined;
}

export type ProvisioningStatus =
  | 'ACTIVE'
  | 'ERROR'
  | 'DELETED'
  | 'PENDING_CREATE'
  | 'PENDING_UPDATE'
  | 'PENDING_DELETE';
/** Octavia's ONLINE, OFFLINE, DEGRADED, ERROR, NO_MONITOR, DRAINING. */
export type OperatingStatus = string;

interface SeenObject {
  readonly id: CloudId;
  /** undefined: not ours; it is never touched. */
  readonly tags: Ownership | undefined;
  readonly provisioningStatus: ProvisioningStatus;
  /** By Octavia's clock; undefined: not told. */
  readonly createdAt: Instant | undefined;
  /** Of its last change, that of its status included. */
  readonly updatedAt: Instant | undefined;
}

export interface SeenLoadBalancer extends SeenObject {
  readonly name: string;
  readonly description: string;
  readonly operatingStatus: OperatingStatus;
  readonly vipAddress: IpAddress;
  readonly vipPortId: CloudId;
  readonly vipSubnetId: CloudId;
  readonly additionalVipAddresses: readonly IpAddress[];
  readonly qosPolicyId: CloudId | undefined;
  readonly flavorId: CloudId | undefined;
  readonly availabilityZone: string | undefined;
  readonly provider: string;
  /** The tag that says which cluster owns it, when that is not this one. */
  readonly foreignCluster: Uid | undefined;
}

export interface SeenListener extends SeenObject, ListenerBody {
  /** Octavia's name of it: HTTP, TCP, UDP, TERMINATED_HTTPS, … */
  readonly protocol: string;
  readonly port: number;
  readonly defaultPoolId: CloudId | undefined;
  readonly operatingStatus: OperatingStatus;
}

export interface SeenPool extends SeenObject, PoolBody {
  readonly protocol: string;
  readonly members: readonly SeenMember[];
  /** undefined when the status tree does not show the pool: its members are then not known. */
  readonly membersKnown: boolean;
}

export interface SeenMember extends MemberBody {
  readonly id: CloudId;
  /** Read for a rotating slice of the pools; left out otherwise, as the status tree shows names alone. */
  readonly form?: SeenMemberForm;
  readonly provisioningStatus: ProvisioningStatus;
  readonly operatingStatus: OperatingStatus;
}

/** What a member's name stands for, as it really is. */
export interface SeenMemberForm {
  readonly weight: number;
  readonly backup: boolean;
  readonly monitorPort: number | undefined;
  readonly enabled: boolean;
}

export interface SeenMonitor extends SeenObject, MonitorBody {
  readonly poolId: CloudId;
  /** Octavia's TCP, HTTP, HTTPS, PING, … */
  readonly type: string;
}

export interface SeenPolicy extends SeenObject {
  readonly name: string;
  readonly description: string;
  readonly listenerId: CloudId;
  /** Octavia's REDIRECT_TO_POOL, REDIRECT_TO_URL, REDIRECT_PREFIX, REJECT. */
  readonly action: string;
  readonly redirectPoolId: CloudId | undefined;
  readonly redirectUrl: string | undefined;
  readonly redirectPrefix: string | undefined;
  readonly redirectCode: number | undefined;
  readonly position: number;
  readonly enabled: boolean;
  /** Lists show ids of rules only. */
  readonly ruleIds: readonly CloudId[];
  /** Read for a rotating slice, for what was just made or is held, and where a tag says that they differ; undefined otherwise. */
  readonly rules: readonly SeenRule[] | undefined;
}

export interface SeenRule extends RuleBody {
  readonly id: CloudId;
  readonly provisioningStatus: ProvisioningStatus;
}

export interface SeenVipPort {
  readonly id: CloudId;
  /** Made by us, by its description. */
  readonly ours: boolean;
  /** It is not Octavia's own, so it stays when the balancer goes. */
  readonly outlives: boolean;
  readonly addresses: readonly IpAddress[];
}

export interface SeenFloatingIP {
  readonly id: CloudId;
  readonly address: IpAddress;
  /** Made by us, by its description. */
  readonly ours: boolean;
  readonly portId: CloudId | undefined;
}
