import type { Change } from './informer.ts';

/** Finds objects by a word that stands in them, without looking at all of them. Fed with an informer's changes. */
export class ObjectIndex<Kept> {
  readonly #wordsOf: (kept: Kept) => readonly string[];
  readonly #found = new Map<string, Map<string, Kept>>();

  constructor(wordsOf: (kept: Kept) => readonly string[]) {
    this.#wordsOf = wordsOf;
  }

  apply({ key, before, after }: Change<Kept>): void {
    if (before !== undefined) for (const word of this.#wordsOf(before)) this.#take(word, key);
    if (after !== undefined) for (const word of this.#wordsOf(after)) this.#put(word, key, after);
  }

  find(word: string): readonly Kept[] {
    return [...(this.#found.get(word)?.values() ?? [])];
  }

  words(): readonly string[] {
    return [...this.#found.keys()];
  }

  #put(word: string, key: string, kept: Kept): void {
    const there = this.#found.get(word);
    if (there === undefined) this.#found.set(word, new Map([[key, kept]]));
    else there.set(key, kept);
  }

  #take(word: string, key: string): void {
    const there = this.#found.get(word);
    there?.delete(key);
    if (there?.size === 0) this.#found.delete(word);
  }
}
