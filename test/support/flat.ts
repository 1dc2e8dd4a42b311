/** Leaves of a value by their paths; sets count as lists. What is undefined is left out. */
export function flat(value: unknown, path = ''): Readonly<Record<string, unknown>> {
  if (value instanceof Set) return flat([...value], path);
  if (value instanceof Map) return flat(Object.fromEntries(value), path);
  if (typeof value !== 'object' || value === null) return value === undefined ? {} : { [path]: value };
  const entries = Object.entries(value);
  if (entries.length === 0) return { [path]: Array.isArray(value) ? '[]' : '{}' };
  return Object.assign({}, ...entries.map(([name, one]) => flat(one, path === '' ? name : `${path}.${name}`)));
}

/** Leaves of `after` that `before` has not; what is gone stands as undefined. */
export function changes(before: unknown, after: unknown): Readonly<Record<string, unknown>> {
  const [old, now] = [flat(before), flat(after)];
  const paths = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return Object.fromEntries(paths.filter((path) => old[path] !== now[path]).map((path) => [path, now[path]]));
}
