export interface Stored {
  readonly id: string;
  readonly tags?: readonly string[];
}

/** Value of an object by which it can be found; null: not at all by this one. */
export type Indexes<T> = Readonly<Record<string, (object: T) => string | null>>;

/** The objects of one kind. Objects are replaced by no one and changed by `change` alone, which keeps the indexes true. */
export class Store<T extends Stored> {
  readonly #objects = new Map<string, T>();
  readonly #indexes: Indexes<T>;
  readonly #found = new Map<string, Map<string, Set<T>>>();

  constructor(indexes: Indexes<T> = {}) {
    this.#indexes = indexes;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(id: string): T | undefined {
    return this.#objects.get(id);
  }

  all(): readonly T[] {
    return [...this.#objects.values()];
  }

  /** Whether `find` knows this name. `tag` is an index of every store. */
  hasIndex(name: string): boolean {
    return name === 'tag' || name in this.#indexes;
  }

  find(index: string, value: string): readonly T[] {
    return [...(this.#found.get(index)?.get(value) ?? [])];
  }

  count(index: string, value: string): number {
    return this.#found.get(index)?.get(value)?.size ?? 0;
  }

  add(object: T): T {
    this.#objects.set(object.id, object);
    for (const [index, value] of this.#keys(object)) this.#enter(index, value, object);
    return object;
  }

  change(object: T, changes: Partial<T>): void {
    const before = this.#keys(object);
    Object.assign(object, changes);
    if (!this.#objects.has(object.id)) return;
    const after = this.#keys(object);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    for (const [index, value] of before) this.#leave(index, value, object);
    for (const [index, value] of after) this.#enter(index, value, object);
  }

  remove(object: T): void {
    if (!this.#objects.delete(object.id)) return;
    for (const [index, value] of this.#keys(object)) this.#leave(index, value, object);
  }

  #keys(object: T): readonly (readonly [string, string])[] {
    const own = Object.entries(this.#indexes).flatMap(([index, valueOf]) => {
      const value = valueOf(object);
      return value === null ? [] : [[index, value] as const];
    });
    return [...own, ...(object.tags ?? []).map((tag) => ['tag', tag] as const)];
  }

  #enter(index: string, value: string, object: T): void {
    const values = this.#found.get(index) ?? new Map<string, Set<T>>();
    this.#found.set(index, values);
    const there = values.get(value) ?? new Set<T>();
    values.set(value, there);
    there.add(object);
  }

  #leave(index: string, value: string, object: T): void {
    const values = this.#found.get(index);
    const there = values?.get(value);
    there?.delete(object);
    if (there?.size === 0) values?.delete(value);
  }
}
