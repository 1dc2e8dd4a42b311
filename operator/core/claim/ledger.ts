import type { Instant } from '../model/brand.ts';
import type { Problem } from '../model/reason.ts';
import type { Unit } from '../model/verdict.ts';
import type { Candidate } from './candidates.ts';

export interface Entry {
  readonly unit: Unit;
  readonly claimedAt: Instant;
  readonly frozen: boolean;
}

/** Who holds which key while claims are decided. The one mutable thing in this room; it does not outlive a call of claim(). */
export class Ledger {
  /** P: port → who has it. */
  readonly ports = new Map<number, string>();
  /** H: listener and hostname → namespace. */
  readonly hosts = new Map<string, string>();
  /** Listener and hostname of a route that cannot be read: its rules are unknown, so nobody else gets any. */
  readonly closed = new Map<string, string>();
  /** R: listener, hostname and match → owner and rule. */
  readonly rules = new Map<string, string>();
  readonly winners: Candidate[] = [];
  readonly losers: { readonly candidate: Candidate; readonly problem: Problem }[] = [];

  held(now: Instant): readonly Entry[] {
    return this.winners
      .map(({ unit, claimedAt, frozen }) => ({ unit, frozen, claimedAt: claimedAt ?? now, order: unitText(unit) }))
      .toSorted((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ unit, claimedAt, frozen }) => ({ unit, claimedAt, frozen }));
  }
}

export function unitText(unit: Unit): string {
  return unit.kind === 'l4'
    ? `l4 ${unit.protocol} ${unit.port}`
    : `http ${unit.listener} ${unit.hostname} ${unit.match} ${unit.owner} ${unit.rule}`;
}
