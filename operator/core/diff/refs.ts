import type { Key } from '../model/key.ts';
import type { Ref } from '../model/plan.ts';
import type { SeenIndex } from './seen-index.ts';

/** A listener or pool that is there by its id, one that this plan will make by its key. */
export function refTo(key: Key, index: Pick<SeenIndex, 'listeners' | 'pools'>): Ref {
  const there = index.listeners.get(key) ?? index.pools.get(key);
  return there === undefined ? { key } : { id: there.id };
}
