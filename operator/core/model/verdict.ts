import type { Instant, Uid } from './brand.ts';
import type { Problem } from './reason.ts';
import type { L4Protocol } from './terms.ts';

export type RuleState = 'Programmed' | 'Pending' | 'Held' | 'Dropped' | 'Conflicted';

/** What became of one rule of one source. */
export interface Verdict {
  readonly owner: Uid;
  readonly rule: string;
  readonly state: RuleState;
  /** Set unless state is Programmed or Pending without trouble. */
  readonly problem: Problem | undefined;
}

/** A claim as its owner reads it in status.claims. */
export interface Claim {
  readonly owner: Uid;
  readonly type: 'Hostname' | 'Port';
  /** A hostname, or `TCP/30432`. */
  readonly value: string;
  /** Listener names, sorted; empty for a port. */
  readonly listeners: readonly string[];
  readonly state: 'Held' | 'Waiting';
  /** Since when it is held (or waited for); copied from the oldest evidence there is. */
  readonly since: Instant;
}

/** The smallest thing that is won or lost. */
export type Unit =
  | {
      readonly kind: 'http';
      readonly owner: Uid;
      readonly rule: string;
      readonly listener: string;
      readonly hostname: string;
      readonly match: string;
    }
  | {
      readonly kind: 'l4';
      readonly owner: Uid;
      readonly rule: string;
      readonly port: number;
      readonly protocol: L4Protocol;
    };

export interface HeldUnit {
  readonly unit: Unit;
  /** Copied from the programmed object's tag, else from status, else now. */
  readonly claimedAt: Instant;
}

export interface Conflict {
  readonly loser: Uid;
  /** undefined: no route, but a listener of the balancer or of somebody else. */
  readonly holder: Uid | undefined;
  readonly reason: Problem['reason'];
  /** `hostname shop.example.com`, `port TCP 5432`, ... */
  readonly what: string;
}

/** The answer of claim(): who holds what, and a verdict for every rule that did not get all it asked for. */
export interface Claims {
  /** Units to be programmed, in no particular order. */
  readonly held: readonly HeldUnit[];
  /**
   * Rules whose spec is broken but of which something is programmed: their objects stay out of the plan.
   * `rule` undefined: the whole source.
   */
  readonly frozen: readonly { readonly owner: Uid; readonly rule: string | undefined }[];
  /** Units (keys without number) of frozen policies that go all the same: the balancer does not grant their hostname any more. */
  readonly evicted: readonly string[];
  /** One per rule of every route (a route with a problem of its own has one with rule `*`). State Programmed here means: got all it asked for. */
  readonly verdicts: readonly Verdict[];
  readonly claims: readonly Claim[];
  /** Who lost what to whom; for the platform team alone. */
  readonly conflicts: readonly Conflict[];
  /** Listeners of the balancer that could not have their port (a route or foreign listener has it), or that this load balancer cannot serve. */
  readonly refusedListeners: readonly { readonly listener: string; readonly problem: Problem }[];
}
