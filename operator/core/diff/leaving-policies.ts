import { httpListenerKey, type Key, policyUnit, readKey } from '../model/key.ts';
import type { SeenPolicy } from '../model/seen.ts';
import type { Pair } from './effect-order.ts';

/**
 * Of the policies that leave, those that wait for what takes their place: their rule is still wanted, so that others serve it or are
 * to come; or their match is served by fewer policies from now on, or none, as others take all of its requests. All others leave
 * before anything comes. Whether a successor was there before this plan counts for nothing: a plan that was broken off made it, and
 * those of other rules may still be to come.
 */
export function inGroups(
  leaving: readonly SeenPolicy[],
  { pairs, covered }: { readonly pairs: readonly Pair[]; readonly covered: readonly Key[] },
): { readonly atOnce: readonly SeenPolicy[]; readonly inTurn: readonly SeenPolicy[] } {
  const ordered = new Set<Key | undefined>(pairs.map(({ policy }) => policy.listener));
  const served = new Set([
    ...pairs.map(({ policy }) => ruleText(policy.tags.key)),
    // where no policy stands any more, there is nothing to wait for
    ...covered.filter((key) => ordered.has(listenerOf(key))).map(ruleText),
  ]);
  const matches = new Set(pairs.map(({ policy }) => policyUnit(policy.tags.key)));
  const keys = new Set(pairs.map(({ policy }) => policy.key));
  const waits = ({ tags, enabled, provisioningStatus }: SeenPolicy): boolean =>
    tags !== undefined &&
    // what serves nobody, and what may be the reason why nothing goes through, goes at once; so does what is made anew under its key
    enabled &&
    provisioningStatus === 'ACTIVE' &&
    !keys.has(tags.key) &&
    (served.has(ruleText(tags.key)) || matches.has(policyUnit(tags.key)));
  return { atOnce: leaving.filter((policy) => !waits(policy)), inTurn: leaving.filter(waits) };
}

/** By its key, as its rule is found. */
export function isOf({ tags }: SeenPolicy, listener: Key): boolean {
  return tags !== undefined && listenerOf(tags.key) === listener;
}

/** undefined: it is no policy's key. */
function listenerOf(key: Key): Key | undefined {
  const parts = readKey(key);
  return parts?.kind === 'policy' ? httpListenerKey(parts.listener) : undefined;
}

/** Listener, owner and rule of a policy's key. */
function ruleText(key: Key): string {
  return key.split('/').slice(0, 4).join('/');
}
