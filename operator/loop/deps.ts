import type { Digest, Instant, Milliseconds, Uid } from '../core/model/brand.ts';
import type { PlacePolicy } from '../core/model/plain-service.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Cloud } from './cloud.ts';
import type { Cluster } from './cluster.ts';
import type { Needs } from './needs.ts';

/** Everything a pass is given; nothing else reaches it. */
export interface Deps {
  readonly cluster: Cluster;
  readonly cloud: Cloud;
  readonly now: () => Instant;
  readonly digest: Digest;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How long one pass may wait for a busy balancer. */
  readonly budget: Milliseconds;
  /** 0 to 1; spreads the resyncs of many balancers. */
  readonly jitter: () => number;
  readonly needs: Needs;
  /** Puts the key `nodes` into the queue. */
  readonly wakeNodes: () => void;
  /** The turn of the slow reading that each balancer was at, by UID. Only saves reads: losing it costs nothing. */
  readonly lastSlice: Map<string, number>;
  /** Balancers for which a failover was asked in their present ERROR. Losing it costs one more failover. */
  readonly failovers: Set<string>;
  /** Balancers whose children in ERROR were told once more. Losing it costs one more try. */
  readonly toldAgain: Set<string>;
  /** Whose a Service is that does not say it itself. */
  readonly placePolicy: PlacePolicy;
  /** Objects that are not ours and whose owner was told so, by UID. Losing it costs an event each. */
  readonly toldForeign: Set<string>;
  /** What owners of Ingresses were told last. Losing it costs an event for each that their status does not show. */
  readonly toldIngresses: Map<Uid, readonly string[]>;
  /** Nodes that were told that their port is not found, by UID. Losing it costs an event each. */
  readonly toldMissing: Set<string>;
  readonly nodePortRange: { readonly min: number; readonly max: number };
  /** `off`: node ports are somebody else's business. */
  readonly nodeSecurityGroup: 'managed' | 'off';
  /** Whether nodes may get public addresses where a NodePort Service asks for it. */
  readonly nodeFloatingIPs: 'allowed' | 'off';
}

/** When the key is to come back. */
export type Again =
  | { readonly kind: 'after'; readonly ms: Milliseconds }
  | { readonly kind: 'backoff' }
  | { readonly kind: 'never' };
