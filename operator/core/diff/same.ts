/** Equal lists of texts, place by place. */
export function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at]);
}

/** Names of the fields in which two records differ; lists and records inside are compared by value. */
export function differing<Field extends string>(
  wanted: Readonly<Record<Field, unknown>>,
  seen: Readonly<Record<Field, unknown>>,
  fields: readonly Field[],
): readonly Field[] {
  return fields.filter((field) => !equal(wanted[field], seen[field]));
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = defined(a);
  const right = defined(b);
  return (
    left.size === right.size && [...left].every(([name, value]) => right.has(name) && equal(value, right.get(name)))
  );
}

/** A field that is undefined and one that is not there say the same. */
function defined(record: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(record).filter(([, value]) => value !== undefined));
}
