import type { Operation } from '../model/plan.ts';
import type { SeenPolicy } from '../model/seen.ts';
import type { WantedPolicy } from '../model/wanted.ts';
import type { PolicyWrites } from './bring-policy.ts';
import type { RuleChanges } from './policy-rules.ts';

/** A wanted policy and what there is of it. */
export interface Pair {
  readonly policy: WantedPolicy;
  readonly seen: SeenPolicy | undefined;
  readonly changes: RuleChanges | undefined;
}

/**
 * The writes of one listener. While they go out a request must find its old answer or its new one, never a third: what takes it
 * is there before what had it lets go, and neither leaves it for a moment to what stands behind both.
 *
 *   in place     what gets no rules; first, so that positions count from what is there
 *   what starts  from the first that is asked to the last: new policies, and those that match more
 *   what stops   from the last to the first: those that match less, and those that leave
 *
 * `pairs` are in the order of their evaluation; `bring` and `remove` are called in the order of their writes.
 */
export function inEffectOrder(of: {
  readonly pairs: readonly Pair[];
  readonly leaving: readonly SeenPolicy[];
  readonly bring: (pair: Pair) => PolicyWrites;
  readonly remove: (policy: SeenPolicy) => Operation;
}): readonly Operation[] {
  const { pairs, leaving, bring, remove } = of;
  const still = new Map(pairs.filter(isStill).map((pair) => [pair, bring(pair)]));
  const starts = pairs
    .filter((pair) => !isNarrowed(pair))
    .flatMap((pair) => still.get(pair)?.widens ?? bring(pair).first);
  const narrow = (pair: Pair): readonly Operation[] => {
    const { first, widens } = bring(pair);
    return [...first, ...widens];
  };
  const stops = [
    ...pairs.filter(isNarrowed).map((pair) => ({ at: pair.seen?.position ?? 0, write: () => narrow(pair) })),
    ...leaving.map((policy) => ({ at: policy.position, write: () => [remove(policy)] })),
  ]
    .toSorted((a, b) => b.at - a.at)
    .flatMap(({ write }) => write());
  return [...[...still.values()].flatMap(({ first }) => first), ...starts, ...stops];
}

/** Nothing has to be added to it. */
function isStill({ seen, changes }: Pair): boolean {
  return seen !== undefined && (changes?.missing.length ?? 0) === 0;
}

/** It serves, and gets more rules. */
function isNarrowed({ seen, changes }: Pair): boolean {
  return seen?.enabled === true && (changes?.missing.length ?? 0) > 0;
}
