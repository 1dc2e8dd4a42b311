import { z } from 'zod';
import { orNull } from '../../fields.ts';
import { type Resource, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

/** Limits of a project; -1: none. null: this release does not tell. */
export const quotaSchema = z.object({
  load_balancer: orNull(z.number()),
  listener: orNull(z.number()),
  pool: orNull(z.number()),
  member: orNull(z.number()),
  health_monitor: orNull(z.number()),
  l7policy: orNull(z.number()),
  l7rule: orNull(z.number()),
});
export type Quota = Readonly<z.infer<typeof quotaSchema>>;

/** `get` takes a project's id: one's own (`Cloud.projectId()`), or any as an administrator. */
export type Quotas = Pick<Resource<Quota, never, never>, 'get'>;

export function quotas(endpoint: Endpoint): Quotas {
  return resource(endpoint, { path: '/lbaas/quotas', one: 'quota', many: 'quotas', schema: quotaSchema });
}
