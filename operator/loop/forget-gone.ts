import type { Memory } from './memory.ts';

/** Forgets what passes remember of objects that are gone: else a process grows with all that ever was. `living`: by UID. */
export function forgetGone(memory: Memory, living: ReadonlySet<string>): void {
  const { restless, lastSlice, failovers, toldAgain, toldForeign, toldIngresses } = memory;
  for (const book of [restless, lastSlice, failovers, toldAgain, toldForeign]) keep(book, living);
  keep(toldIngresses, living);
}

function keep<Key extends string>(
  book: { keys(): Iterable<Key>; delete(key: Key): boolean },
  living: ReadonlySet<string>,
): void {
  for (const key of book.keys()) if (!living.has(key)) book.delete(key);
}
