import { type Key, policyUnit } from '../model/key.ts';
import type { SeenPolicy } from '../model/seen.ts';
import type { WantedAction } from '../model/wanted.ts';
import type { Pair } from './effect-order.ts';

/**
 * Whether HAProxy will ask the policies of a match earlier than it does now (as rejections, not as redirects), later, or as it does:
 * it asks all rejections, then all redirects, then all forwards.
 */
export type Turn = 'earlier' | 'same' | 'later';

/** By the key of any policy of the match, of those that come, stay and leave. */
export function actionTurns(pairs: readonly Pair[], leaving: readonly SeenPolicy[]): (key: Key) => Turn {
  const will = new Map(pairs.map(({ policy }) => [policyUnit(policy.key), classOfWanted[policy.action.type]]));
  const there = [...pairs.flatMap(({ seen }) => seen ?? []), ...leaving];
  const turns = new Map<string, Turn>();
  for (const { tags, action } of there) {
    if (tags === undefined) continue;
    const match = policyUnit(tags.key);
    const is = classOfSeen(action);
    const becomes = will.get(match) ?? is;
    if (becomes !== is) turns.set(match, becomes < is ? 'earlier' : 'later');
  }
  return (key) => turns.get(policyUnit(key)) ?? 'same';
}

/** It is there, and HAProxy will ask it among others than it does now. */
export function isTurning({ policy, seen }: Pair): boolean {
  return seen !== undefined && classOfSeen(seen.action) !== classOfWanted[policy.action.type];
}

const classOfWanted: Readonly<Record<WantedAction['type'], number>> = { Reject: 0, Redirect: 1, Forward: 2 };

function classOfSeen(action: SeenPolicy['action']): number {
  if (action === 'REJECT') return 0;
  return action === 'REDIRECT_TO_POOL' ? 2 : 1;
}
