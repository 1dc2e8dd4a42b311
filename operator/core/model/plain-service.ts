import type { BalancerName, Instant, IpAddress } from './brand.ts';
import type { Problem } from './reason.ts';
import type { Condition } from './snapshot.ts';
import type { Labels } from './terms.ts';

/** What a Service says about how it is reached from outside. Its ports and endpoints stand in ServiceObject. */
export interface PlainService {
  readonly type: 'LoadBalancer' | 'NodePort' | 'ClusterIP' | 'ExternalName';
  readonly loadBalancerClass: string | undefined;
  /** Its annotations with a prefix of ours or of the cloud provider. */
  readonly annotations: Labels;
  /** spec.loadBalancerSourceRanges; where that is empty, what its annotation says. */
  readonly sourceRanges: Networks;
  /** octopool.dev/node-port-sources; undefined: nothing is to be opened. */
  readonly nodePortSources: Networks | undefined;
  readonly loadBalancerIP: IpAddress | { readonly invalid: string } | undefined;
  readonly ipFamilies: readonly ('IPv4' | 'IPv6')[];
  readonly deletedAt: Instant | undefined;
  readonly finalizers: readonly string[];
  readonly recordedIngress: readonly RecordedIngress[];
  /** The condition NodePortReachable, which the pass over the nodes writes. */
  readonly recordedReachable: Condition | undefined;
}

/** Networks in canonical text, sorted and each once; or the text that is none. */
export type Networks = { readonly cidrs: readonly string[] } | { readonly invalid: string };

/** One entry of status.loadBalancer.ingress. */
export interface RecordedIngress {
  readonly ip?: string | undefined;
  readonly ipMode?: 'VIP' | 'Proxy' | undefined;
  readonly hostname?: string | undefined;
  readonly ports: readonly { readonly port: number; readonly protocol: string; readonly error?: string | undefined }[];
}

/** Which load balancer serves a Service. */
export type Place =
  | { readonly kind: 'pooled'; readonly balancer: BalancerName }
  | { readonly kind: 'dedicated' }
  /** Ours to serve, but nobody says where. */
  | { readonly kind: 'unplaced'; readonly problem: Problem }
  /** Somebody else's, although it speaks to us; its owner is told once. */
  | { readonly kind: 'foreign'; readonly problem: Problem }
  | { readonly kind: 'none' };

/** What flags say about Services that do not say it themselves. */
export interface PlacePolicy {
  /** Class-less Services: served by us, or left to the cloud provider's service controller. */
  readonly classless: 'claimed' | 'left';
  readonly defaultBalancer: BalancerName | undefined;
  readonly defaultInternalBalancer: BalancerName | undefined;
}
