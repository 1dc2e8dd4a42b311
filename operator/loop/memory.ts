import type { Instant, Uid } from '../core/model/brand.ts';

export interface Restless {
  readonly kind: 'changed' | 'waiting';
  readonly since: Instant;
  readonly passes: number;
}

/** What passes keep in the process to spare calls and words. Losing it with the process costs no more than that. */
export interface Memory {
  /** Balancers whose last passes all ended alike and not at rest, by UID. Losing it costs a few passes more. */
  readonly restless: Map<string, Restless>;
  /** The turn of the slow reading that each balancer was at, by UID. Only saves reads: losing it costs nothing. */
  readonly lastSlice: Map<string, number>;
  /** Balancers for which a failover was asked in their present ERROR. Losing it costs one more failover. */
  readonly failovers: Set<string>;
  /** Balancers whose children in ERROR were told once more. Losing it costs one more try. */
  readonly toldAgain: Set<string>;
  /** Objects that are not ours and whose owner was told so, by UID. Losing it costs an event each. */
  readonly toldForeign: Set<string>;
  /** What owners of Ingresses were told last. Losing it costs an event for each that their status does not show. */
  readonly toldIngresses: Map<Uid, readonly string[]>;
  /** Nodes that were told that their port is not found, by UID. Losing it costs an event each. */
  readonly toldMissing: Set<string>;
}

export function emptyMemory(): Memory {
  return {
    restless: new Map(),
    lastSlice: new Map(),
    failovers: new Set(),
    toldAgain: new Set(),
    toldForeign: new Set(),
    toldIngresses: new Map(),
    toldMissing: new Set(),
  };
}
