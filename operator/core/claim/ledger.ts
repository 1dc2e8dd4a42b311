import type { Instant, Uid } from '../model/brand.ts';
import type { Problem } from '../model/reason.ts';
import type { Unit } from '../model/verdict.ts';
import { type Candidate, unitText } from './candidates.ts';

/** Who has a key. */
export interface Holder {
  /** undefined: a listener of the balancer, or one that somebody else made. */
  readonly owner: Uid | undefined;
  readonly namespace: string | undefined;
  /** Rule, or name of the listener. */
  readonly rule: string;
}

export interface Loser {
  readonly candidate: Candidate;
  readonly problem: Problem;
  readonly holder: Holder;
}

/** Who holds which key while claims are decided. The one mutable thing in this room; it does not outlive a call of claim(). */
export class Ledger {
  /** P: `TCP 80`; TCP, UDP and SCTP have ports of their own. */
  readonly ports = new Map<string, Holder>();
  /** H: listener and hostname. Of a delegated hostname the first of several. */
  readonly hosts = new Map<string, Holder>();
  /** Listener and hostname of a route that cannot be read: its rules are unknown, so nobody else gets any. */
  readonly closed = new Map<string, Holder>();
  /** R: listener, hostname and match. */
  readonly rules = new Map<string, Holder>();
  readonly winners: Candidate[] = [];
  readonly losers: Loser[] = [];

  /** In an order that no order of inputs can change. */
  held(now: Instant): readonly { readonly unit: Unit; readonly claimedAt: Instant; readonly frozen: boolean }[] {
    return this.winners
      .map(({ unit, claimedAt, frozen }) => ({ unit, frozen, claimedAt: claimedAt ?? now, order: unitText(unit) }))
      .toSorted((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ unit, claimedAt, frozen }) => ({ unit, claimedAt, frozen }));
  }
}
