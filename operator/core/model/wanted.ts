import type { CloudId, IpAddress } from './brand.ts';
import type {
  ListenerBody,
  ListenerProtocol,
  MemberBody,
  MonitorBody,
  MonitorType,
  PoolBody,
  PoolProtocol,
  RuleBody,
} from './body.ts';
import type { Key } from './key.ts';
import type { DeletionPolicy } from './balancer-spec.ts';
import type { RedirectCode, RedirectTarget } from './route-spec.ts';
import type { Description, Ownership } from './tags.ts';

/** What should be. Children stand in the order of their keys, policies in the order of their evaluation. */
export interface WantedTree {
  /** undefined only beside a farewell. */
  readonly loadBalancer: WantedLoadBalancer | undefined;
  /** Set when the balancer is to go. */
  readonly farewell: Farewell | undefined;
  readonly listeners: readonly WantedListener[];
  readonly pools: readonly WantedPool[];
  readonly monitors: readonly WantedMonitor[];
  readonly policies: readonly WantedPolicy[];
  /** Keys of those and of the frozen ones between them (as far as their rules are known), in the order of their evaluation. */
  readonly policyOrder: readonly Key[];
  /** The keys that the first policies of rules would have whose requests more specific ones take, all of them. */
  readonly covered: readonly Key[];
  /** Keys that stay as they are seen: what a broken spec had programmed. Of a frozen pool only the members named here follow the nodes. */
  readonly frozen: readonly Key[];
  readonly frozenMembers: readonly { readonly pool: Key; readonly members: readonly WantedMember[] }[];
  readonly address: WantedAddress;
}

export interface WantedLoadBalancer {
  readonly name: string;
  readonly description: string;
  readonly tags: Ownership;
  readonly provider: string | undefined;
  readonly flavorId: CloudId | undefined;
  readonly availabilityZone: string | undefined;
  readonly qosPolicyId: CloudId | undefined;
  /** undefined: its references are not resolved, so it cannot be made yet; a balancer that stands is not concerned. */
  readonly vip: WantedVip | undefined;
}

/** The VIP port is ours unless the user named one (api.md, Doubt 5). */
export type WantedVip =
  | {
      readonly kind: 'ownPort';
      readonly description: Description;
      readonly name: string;
      readonly networkId: CloudId;
      readonly subnetId: CloudId;
      readonly address: IpAddress | undefined;
      /** `wished`: the address it had before; another one will do. */
      readonly addressIs: 'required' | 'wished';
      readonly additional: readonly AdditionalVip[];
    }
  | {
      readonly kind: 'givenPort';
      readonly portId: CloudId;
      readonly subnetId: CloudId;
      readonly additional: readonly AdditionalVip[];
    };

/** A further address on the VIP port, of a subnet of the same network. */
export interface AdditionalVip {
  readonly subnetId: CloudId;
  readonly address: IpAddress | undefined;
}

/** Where a floating IP comes from. */
export interface FloatingSource {
  readonly networkId: CloudId;
  /** undefined: any. */
  readonly subnetId: CloudId | undefined;
  /** Tried one after the other when that one has no address left. */
  readonly furtherSubnetIds?: readonly CloudId[] | undefined;
}

/** The floating IP side of an address. */
export type WantedAddress =
  /** What it has stays: the wish could not be resolved. */
  | { readonly kind: 'unresolved' }
  | { readonly kind: 'none'; readonly reclaimPolicy: DeletionPolicy }
  | ({ readonly kind: 'allocate'; readonly description: Description } & FloatingSource)
  | { readonly kind: 'existing'; readonly floatingIpId: CloudId; readonly reclaimPolicy: DeletionPolicy };

export interface WantedListener extends ListenerBody {
  readonly key: Key;
  readonly tags: Ownership;
  readonly protocol: ListenerProtocol;
  readonly port: number;
  /** Key of the pool of an L4 listener, or of a defaultBackend. */
  readonly defaultPool: Key | undefined;
}

export interface WantedPool extends PoolBody {
  readonly key: Key;
  readonly tags: Ownership;
  readonly protocol: PoolProtocol;
  /** Distinct by (address, port), sorted: a repeated one wedges the pool for ever. */
  readonly members: readonly WantedMember[];
}

export interface WantedMember extends MemberBody {
  /** 0..256; 0: gets no new connections. */
  readonly weight: number;
  readonly backup: boolean;
  /** Where the monitor asks when not on the member's own port. */
  readonly monitorPort: number | undefined;
  /** Sent only when the platform team named a member subnet. */
  readonly subnetId: CloudId | undefined;
}

export interface WantedMonitor extends MonitorBody {
  readonly key: Key;
  readonly tags: Ownership;
  readonly pool: Key;
  readonly type: MonitorType;
}

export interface WantedPolicy {
  readonly key: Key;
  readonly tags: Ownership;
  readonly name: string;
  readonly description: string;
  readonly listener: Key;
  readonly action: WantedAction;
  readonly rules: readonly RuleBody[];
}

export type WantedAction =
  | { readonly type: 'Forward'; readonly pool: Key }
  | ({ readonly type: 'Redirect'; readonly code: RedirectCode } & RedirectTarget)
  | { readonly type: 'Reject' };

/** How a balancer that is to go, goes. */
export interface Farewell {
  readonly deletionPolicy: DeletionPolicy;
  readonly floatingIP: DeletionPolicy;
}
