export interface Stored {
  readonly id: string;
  readonly tags?: readonly string[];
}

/** The objects of one kind. Objects are replaced by no one and changed by `change` alone, which keeps the indexes true. */
export class Store<T extends Stored> {
  readonly #objects = new Map<string, T>();
  readonly #fields: ReadonlySet<string>;
  readonly #found = new Map<string, Map<string, Set<T>>>();

  /** `fields`: texts by whose values objects are found; empty and null ones are not. */
  constructor(fields: readonly (keyof T & string)[] = []) {
    this.#fields = new Set(fields);
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
    return name === 'tag' || this.#fields.has(name);
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
    const moves = Object.keys(changes).some((name) => name === 'tags' || this.#fields.has(name));
    if (!moves || !this.#objects.has(object.id)) {
      Object.assign(object, changes);
      return;
    }
    for (const [index, value] of this.#keys(object)) this.#leave(index, value, object);
    Object.assign(object, changes);
    for (const [index, value] of this.#keys(object)) this.#enter(index, value, object);
  }

  remove(object: T): void {
    if (!this.#objects.delete(object.id)) return;
    for (const [index, value] of this.#keys(object)) this.#leave(index, value, object);
  }

  #keys(object: T): readonly (readonly [string, string])[] {
    const own = [...this.#fields].flatMap((field) => {
      const value: unknown = object[field as keyof T];
      return typeof value === 'string' && value !== '' ? [[field, value] as const] : [];
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
