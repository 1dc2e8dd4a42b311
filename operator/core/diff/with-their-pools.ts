import { builtPool, neededPool } from '../model/new-pool.ts';
import type { Operation } from '../model/plan.ts';

/**
 * Each new pool, with its members and its monitor, right before what points to it first: of many routes the first is served after its own few
 * writes, not after all pools of all others; and wherever a plan is broken off, few pools stand there that nothing points to. What
 * nothing points to stays where it was.
 */
export function withTheirPools(operations: readonly Operation[]): readonly Operation[] {
  const parts = Map.groupBy(operations, builtPool);
  const pointed = new Set(operations.map(neededPool));
  return operations.flatMap((operation) => {
    const built = builtPool(operation);
    if (built !== undefined && pointed.has(built)) return [];
    const needed = neededPool(operation);
    if (needed === undefined) return [operation];
    const before = parts.get(needed) ?? [];
    parts.delete(needed); // the first that points to it has it
    return [...before, operation];
  });
}
