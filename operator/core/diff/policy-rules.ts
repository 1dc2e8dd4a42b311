import type { RuleBody } from '../model/body.ts';
import type { Operation } from '../model/plan.ts';
import type { SeenPolicy, SeenRule } from '../model/seen.ts';
import type { WantedPolicy } from '../model/wanted.ts';
import { unitOf } from './seen-index.ts';

/** What the rules of a live policy need; undefined: they are not known, and nothing is done on a guess. */
export interface RuleChanges {
  readonly missing: readonly RuleBody[];
  readonly surplus: readonly SeenRule[];
}

/** Octavia takes no more in one policy. */
const mostRules = 50;

/**
 * Lists show how many rules a policy has, not which; its tag shows which were wanted when it was last brought in line. If both
 * agree with what is wanted, so do its rules, as far as nobody else changed them: that is what the slow reading is for.
 */
export function rulesInDoubt(wanted: WantedPolicy, seen: SeenPolicy): boolean {
  return seen.tags?.hash !== wanted.tags.hash || seen.ruleIds.length !== wanted.rules.length;
}

export function ruleChanges(wanted: WantedPolicy, seen: SeenPolicy): RuleChanges | undefined {
  const { rules } = seen;
  if (rules === undefined) {
    if (seen.ruleIds.length === 0) return { missing: wanted.rules, surplus: [] };
    return rulesInDoubt(wanted, seen) ? undefined : { missing: [], surplus: [] };
  }
  const missing = new Map(wanted.rules.map((rule) => [ruleText(rule), rule]));
  const surplus = rules.filter((rule) => !missing.delete(ruleText(rule)));
  return { missing: [...missing.values()], surplus };
}

/**
 * All rules of a policy are ANDed and each write goes live by itself. New rules come first, then the action changes, and old
 * rules go last: in between the policy matches no more than before or than wanted. To switch it off for the time would drop
 * requests; to make it anew costs every rule again. Where 50 rules leave no room, the old ones go first after all.
 */
export function ruleOperations(of: {
  readonly wanted: WantedPolicy;
  readonly seen: SeenPolicy;
  readonly changes: RuleChanges;
  readonly action: 'stays' | 'changes';
  readonly widens: 'atOnce' | 'inTurn';
}): { readonly creates: readonly Operation[]; readonly deletes: readonly Operation[] } {
  const { wanted, seen, changes, action, widens } = of;
  const policy = { id: seen.id };
  const unit = unitOf(wanted.tags);
  const crowded = seen.ruleIds.length + changes.missing.length > mostRules;
  const waits = (changes.missing.length > 0 || action === 'changes' || widens === 'inTurn') && !crowded;
  const after = waits ? 'update' : 'nothing';
  return {
    creates: changes.missing.map((rule) => ({ kind: 'createRule', policy, rule, why: 'it is missing', unit })),
    deletes: changes.surplus.map(({ id }) => ({
      kind: 'deleteRule',
      policy,
      id,
      after,
      why: 'it is not asked for any more',
      unit,
    })),
  };
}

function ruleText(rule: RuleBody): string {
  return [rule.type, rule.compareType, rule.key ?? '', rule.value, rule.invert].join(' ');
}
