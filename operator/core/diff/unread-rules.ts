import type { CloudId } from '../model/brand.ts';
import type { Seen } from '../model/seen.ts';
import type { WantedTree } from '../model/wanted.ts';
import { rulesInDoubt } from './policy-rules.ts';

/**
 * Policies whose rules must be known before anything is decided about them, and are not: lists show only ids. Those of held
 * rules, because others must leave room for them; those that are to change. In the usual pass there are none.
 */
export function unreadRules(wanted: WantedTree, seen: Seen): readonly CloudId[] {
  const frozen = new Set(wanted.frozen);
  const policies = new Map(wanted.policies.map((policy) => [policy.key, policy]));
  return seen.policies.flatMap((policy) => {
    const key = policy.tags?.key;
    if (key === undefined || policy.rules !== undefined || policy.ruleIds.length === 0) return [];
    if (frozen.has(key)) return [policy.id];
    const its = policies.get(key);
    return its !== undefined && rulesInDoubt(its, policy) ? [policy.id] : [];
  });
}
