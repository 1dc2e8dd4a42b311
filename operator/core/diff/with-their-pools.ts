import type { Key } from '../model/key.ts';
import type { Operation, Ref } from '../model/plan.ts';

/**
 * Each new pool, with its members and its monitor, right before what points to it first: of many routes the first is served after its own few
 * writes, not after all pools of all others; and wherever a plan is broken off, few pools stand there that nothing points to. What
 * nothing points to stays where it was.
 */
export function withTheirPools(operations: readonly Operation[]): readonly Operation[] {
  const parts = new Map<Key, Operation[]>();
  for (const operation of operations) {
    const key = builtPool(operation);
    if (key !== undefined) parts.set(key, [...(parts.get(key) ?? []), operation]);
  }
  const pointed = new Set(operations.flatMap((operation) => keyOf(pointer(operation)) ?? []));
  return operations.flatMap((operation) => {
    const built = builtPool(operation);
    if (built !== undefined && pointed.has(built)) return [];
    const needed = keyOf(pointer(operation));
    const before = needed === undefined ? [] : (parts.get(needed) ?? []);
    if (needed !== undefined) parts.delete(needed); // the first that points to it has it
    return [...before, operation];
  });
}

/** Of the new pool that the operation is a part of. */
function builtPool(operation: Operation): Key | undefined {
  switch (operation.kind) {
    case 'createPool':
      return operation.pool.key;
    case 'replaceMembers':
    case 'createMonitor':
      return keyOf(operation.pool);
    default:
      return undefined;
  }
}

function pointer(operation: Operation): Ref | undefined {
  switch (operation.kind) {
    case 'createListener':
    case 'updateListener':
      return operation.defaultPool;
    case 'createPolicy':
    case 'updatePolicy':
      return operation.pool;
    default:
      return undefined;
  }
}

/** undefined: it is there already. */
function keyOf(ref: Ref | undefined): Key | undefined {
  return ref !== undefined && 'key' in ref ? ref.key : undefined;
}
