import type { Operation } from '../model/plan.ts';
import type { SeenPolicy } from '../model/seen.ts';
import type { WantedPolicy } from '../model/wanted.ts';
import { actionTurns, type Turn } from './action-turn.ts';
import type { PolicyWrites, When } from './bring-policy.ts';
import type { RuleChanges } from './policy-rules.ts';

/** A wanted policy and what there is of it. */
export interface Pair {
  readonly policy: WantedPolicy;
  readonly seen: SeenPolicy | undefined;
  readonly changes: RuleChanges | undefined;
}

export interface PlacedPair extends Pair {
  /** It is moved behind policies that it stands before. */
  readonly back: boolean;
}

/**
 * The writes of one listener. While they go out a request must find its old answer or its new one, never a third: what takes it
 * is there before what had it lets go, and neither leaves it for a moment to what stands behind both.
 *
 *   in place     what gets no rules; first, so that positions count from what is there
 *   what starts  from the first that is asked to the last: new policies, and those that match more
 *   what stops   from the last to the first: those that match less, and those that leave
 *
 * An edited action moves a match to where HAProxy asks earlier or later. What will be asked earlier starts and stops before the others
 * do, while they still leave its requests alone; what will be asked later comes after them, in place too, when they do.
 *
 * `pairs` are in the order of their evaluation; `bring` and `remove` are called in the order of their writes.
 */
export function inEffectOrder(of: {
  readonly pairs: readonly PlacedPair[];
  readonly leaving: readonly SeenPolicy[];
  readonly bring: (pair: PlacedPair, when: When) => PolicyWrites;
  readonly remove: (policy: SeenPolicy) => Operation;
}): readonly Operation[] {
  const { pairs, leaving, bring, remove } = of;
  const turnOf = actionTurns(pairs, leaving);
  const pairsBy = Map.groupBy(pairs, ({ policy }) => turnOf(policy.key));
  const leavingBy = Map.groupBy(leaving, ({ tags }) => (tags === undefined ? 'same' : turnOf(tags.key)));
  // what only changes its place keeps it for as long as what it stands before is asked with it
  const [foremost = 'same'] = turns.filter((turn) => turn !== 'later' && pairsBy.has(turn));
  const still = new Map(
    lastBack((pairsBy.get(foremost) ?? []).filter(isStill)).map((pair) => [pair, bring(pair, 'atFirst')] as const),
  );
  const write = (pair: PlacedPair): readonly Operation[] => still.get(pair)?.widens ?? whole(bring(pair, 'inTurn'));
  const steps = turns.flatMap((turn) =>
    startsAndStops({ pairs: pairsBy.get(turn) ?? [], leaving: leavingBy.get(turn) ?? [], write, remove }),
  );
  return [...[...still.values()].flatMap(({ first }) => first), ...steps];
}

const turns: readonly Turn[] = ['earlier', 'same', 'later'];

/** Each passes only those that it has to pass: what moves ahead from the first to the last, then what moves back from the last to the first. */
function lastBack(pairs: readonly PlacedPair[]): readonly PlacedPair[] {
  const from = ({ seen }: PlacedPair): number => seen?.position ?? 0;
  return [
    ...pairs.filter(({ back }) => !back),
    ...pairs.filter(({ back }) => back).toSorted((a, b) => from(b) - from(a)),
  ];
}

function whole({ first, widens }: PolicyWrites): readonly Operation[] {
  return [...first, ...widens];
}

function startsAndStops(of: {
  readonly pairs: readonly PlacedPair[];
  readonly leaving: readonly SeenPolicy[];
  readonly write: (pair: PlacedPair) => readonly Operation[];
  readonly remove: (policy: SeenPolicy) => Operation;
}): readonly Operation[] {
  const { pairs, leaving, write, remove } = of;
  const starts = pairs.filter((pair) => !isStopping(pair)).flatMap(write);
  const stops = [
    ...pairs.filter(isStopping).map((pair) => ({ at: pair.seen?.position ?? 0, write: () => write(pair) })),
    ...leaving.map((policy) => ({ at: policy.position, write: () => [remove(policy)] })),
  ]
    .toSorted((a, b) => b.at - a.at)
    .flatMap((one) => one.write());
  return [...starts, ...stops];
}

/** Nothing has to be added to it. */
function isStill({ seen, changes }: Pair): boolean {
  return seen !== undefined && (changes?.missing.length ?? 0) === 0;
}

/** It serves, and gets more rules. One without any serves nobody: who wrote it did not come to its rule. */
function isNarrowed({ seen, changes }: Pair): boolean {
  return seen?.enabled === true && seen.ruleIds.length > 0 && (changes?.missing.length ?? 0) > 0;
}

/** It lets others have what it took before them. */
function isStopping(pair: PlacedPair): boolean {
  return isNarrowed(pair) || (pair.back && isStill(pair) && pair.changes?.surplus.length === 0);
}
