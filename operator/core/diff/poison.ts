import type { Operation } from '../model/plan.ts';
import type { Seen, SeenPolicy } from '../model/seen.ts';
import { isSuspended } from '../model/suspended.ts';
import { unitOf } from './seen-index.ts';

/**
 * One rule that HAProxy refuses stops every later change of the whole load balancer, which goes on with its last good configuration
 * and reads ACTIVE, its listeners in ERROR. No list of allowed characters is proof against all machines, so the culprit is looked for:
 *
 *     told once more, still ERROR ──▶ newest policy off ──▶ still ERROR ──▶ the next one off … three at most
 *                                          │
 *                                          ▼ changes go through
 *     the last one that was switched off stays so; the others are switched on again
 *
 * A policy that is switched off twice is not tried again until its owner changes it. Everything is remembered in its tags.
 */
export function suspicion(seen: Seen, toldAgain: 'toldAgain' | 'notYet'): readonly Operation[] {
  if (toldAgain === 'notYet' || seen.loadBalancer?.provisioningStatus !== 'ACTIVE' || !refusing(seen)) return [];
  const suspects = seen.policies.filter(isSuspended);
  if (suspects.length >= mostSuspects) return [];
  const [next] = seen.policies
    .filter((policy) => policy.tags !== undefined && policy.enabled)
    .toSorted((a, b) => guilt(b) - guilt(a) || newness(b) - newness(a) || (a.id < b.id ? 1 : -1));
  if (next?.tags === undefined) return [];
  const tags = { ...next.tags, suspected: (next.tags.suspected ?? 0) + 1 };
  const why = hasSickRule(next) ? 'its rule was refused' : 'no change goes through, and it is the newest policy';
  return [{ kind: 'suspendPolicy', id: next.id, tags, why, unit: unitOf(next.tags) }];
}

/** Of the policies that are switched off on suspicion, the one that is kept off: since it is, changes go through. */
export function culprits(seen: Seen): ReadonlySet<string> {
  const suspects = seen.policies
    .filter(isSuspended)
    .toSorted((a, b) => changed(b) - changed(a) || (a.id < b.id ? 1 : -1));
  const last = refusing(seen) ? suspects : suspects.slice(0, 1);
  const twice = suspects.filter((policy) => (policy.tags?.suspected ?? 0) > 1);
  return new Set([...last, ...twice].map((policy) => policy.id));
}

/** What a change that fails leaves behind: its subject in ERROR, and with it all listeners but those above the subject. */
export function refusing(seen: Seen): boolean {
  const children = [...seen.listeners, ...seen.policies].some(
    ({ tags, provisioningStatus }) => tags !== undefined && provisioningStatus === 'ERROR',
  );
  return children || seen.policies.some(hasSickRule);
}

/** Of one that is switched off, nothing is rendered any more. */
function hasSickRule(policy: SeenPolicy): boolean {
  return policy.enabled && (policy.rules ?? []).some((rule) => rule.provisioningStatus === 'ERROR');
}

const mostSuspects = 3;

function guilt(policy: SeenPolicy): number {
  return hasSickRule(policy) ? 1 : 0;
}

function newness({ createdAt, tags }: SeenPolicy): number {
  return Math.max(createdAt ?? 0, tags?.claimed ?? 0);
}

function changed({ updatedAt, createdAt }: SeenPolicy): number {
  return updatedAt ?? createdAt ?? 0;
}
