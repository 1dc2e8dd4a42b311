import type { z } from 'zod';

/** Entries are known by `key`: two writers can own different ones, and no key stands twice (the API server sees to it). */
export function listMap<List extends z.ZodArray>(list: List, key: string): List {
  return list
    .refine((entries) => distinct(entries.map((entry) => field(entry, key))), {
      error: `two entries have the same ${key}; rename one`,
    })
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });
}

/** Every value at most once, in no order. */
export function listSet<List extends z.ZodArray>(list: List): List {
  return list
    .refine((entries) => distinct(entries), { error: 'the same value stands twice; remove one' })
    .meta({ 'x-kubernetes-list-type': 'set' });
}

/** Replaced whole by server-side apply: half of one writer's and half of another's would mean nothing. */
export function atomicMap<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ 'x-kubernetes-map-type': 'atomic' });
}

function distinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

function field(entry: unknown, key: string): unknown {
  return typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined;
}
