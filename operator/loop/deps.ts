import type { Digest, Instant, Milliseconds } from '../core/model/brand.ts';
import type { PlacePolicy } from '../core/model/plain-service.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Cloud } from './cloud.ts';
import type { Cluster } from './cluster.ts';
import type { Memory } from './memory.ts';
import type { Needs } from './needs.ts';

/** Everything a pass is given; nothing else reaches it. */
export interface Deps extends Memory {
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
  /** Whose a Service is that does not say it itself. */
  readonly placePolicy: PlacePolicy;
  readonly nodePortRange: { readonly min: number; readonly max: number };
  /** `off`: node ports are somebody else's business. */
  readonly nodeSecurityGroup: 'managed' | 'off';
  /** Whether nodes may get public addresses where a NodePort Service asks for it. */
  readonly nodeFloatingIPs: 'allowed' | 'off';
}

/** When the key is to come back. */
export type Again =
  | { readonly kind: 'after'; readonly ms: Milliseconds }
  /** Later and later; `atMostMs`: but no later than that. */
  | { readonly kind: 'backoff'; readonly atMostMs?: Milliseconds }
  | { readonly kind: 'never' };
