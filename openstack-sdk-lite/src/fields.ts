import { z } from 'zod';

/** Absent and null mean the same in OpenStack's answers, and differ by release: both read as null. */
export function orNull<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? null);
}

/** An absent or null list reads as an empty one. */
export function orEmpty<T extends z.ZodType>(schema: T) {
  return z
    .array(schema)
    .nullish()
    .transform((list): readonly z.output<T>[] => list ?? []);
}

/** Absent and null read as the empty text. */
export const textOrEmpty = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** References to other objects: `[{"id": "..."}]`. Whatever else is nested there is left out. */
export const references = orEmpty(z.object({ id: z.string() }));

/** What Octavia does to an object. While a load balancer is PENDING_*, it and all of its children refuse changes. */
export const provisioningStatus = z.enum([
  'ACTIVE',
  'ERROR',
  'DELETED',
  'PENDING_CREATE',
  'PENDING_UPDATE',
  'PENDING_DELETE',
]);
export type ProvisioningStatus = z.infer<typeof provisioningStatus>;

/** ONLINE, OFFLINE, DEGRADED, ERROR, NO_MONITOR, DRAINING. Providers may have more; without heartbeats it stays OFFLINE. */
export const operatingStatus = z.string();

/** What every Octavia object carries. */
export const octaviaCommon = {
  id: z.string(),
  name: textOrEmpty,
  project_id: orNull(z.string()),
  provisioning_status: provisioningStatus,
  operating_status: operatingStatus,
  admin_state_up: z.boolean(),
  tags: orEmpty(z.string()),
  /** UTC without zone, as `2026-01-31T12:00:00`. */
  created_at: orNull(z.string()),
  updated_at: orNull(z.string()),
};

/** What every object that has tags and a name takes when it is written. At most 255 characters a tag; a comma in one makes it unfindable. */
export interface Named {
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/** The same for Octavia, where everything can be switched off. */
export interface Switchable {
  readonly admin_state_up?: boolean;
}
