import type { Key } from './key.ts';
import type { Operation, Ref } from './plan.ts';

/** Which new pool the operation makes, or a part of it; undefined: none. The status tree shows none before something points to it. */
export function builtPool(operation: Operation): Key | undefined {
  switch (operation.kind) {
    case 'createPool':
      return operation.pool.key;
    case 'replaceMembers':
    case 'createMonitor':
      return newKey(operation.pool);
    default:
      return undefined;
  }
}

/** Which new pool a listener or policy points to from then on; undefined: none. */
export function neededPool(operation: Operation): Key | undefined {
  switch (operation.kind) {
    case 'createListener':
    case 'updateListener':
      return newKey(operation.defaultPool);
    case 'createPolicy':
    case 'updatePolicy':
      return newKey(operation.pool);
    default:
      return undefined;
  }
}

/** undefined: it is there already. */
function newKey(ref: Ref | undefined): Key | undefined {
  return ref !== undefined && 'key' in ref ? ref.key : undefined;
}
