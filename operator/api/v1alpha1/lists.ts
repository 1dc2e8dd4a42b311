import type { z } from 'zod';

/** Entries are known by `key`: two writers can own different ones, and no key stands twice (the API server sees to it). */
export function listMap<List extends z.ZodArray>(list: List, key: string): List {
  return distinct(list, (entry) => field(entry, key), `another entry has the same ${key}; keep one`).meta({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
  });
}

/** Every value at most once, in no order. */
export function listSet<List extends z.ZodArray>(list: List): List {
  return distinct(list, (entry) => entry, 'the same value stands twice; remove one').meta({
    'x-kubernetes-list-type': 'set',
  });
}

/** Replaced whole by server-side apply: half of one writer's and half of another's would mean nothing. */
export function atomicMap<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ 'x-kubernetes-map-type': 'atomic' });
}

/** The later of two is the one that is wrong, as the API server says it. */
function distinct<List extends z.ZodArray>(list: List, identity: (entry: unknown) => unknown, message: string): List {
  return list.superRefine((entries, context) => {
    const seen = new Set<unknown>();
    for (const [at, entry] of entries.entries()) {
      const one = identity(entry);
      if (seen.has(one)) context.addIssue({ code: 'custom', path: [at], message });
      seen.add(one);
    }
  });
}

function field(entry: unknown, key: string): unknown {
  return typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined;
}
