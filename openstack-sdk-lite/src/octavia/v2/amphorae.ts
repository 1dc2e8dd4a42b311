import { z } from 'zod';
import { orNull } from '../../fields.ts';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

export const amphoraSchema = z.object({
  id: z.string(),
  loadbalancer_id: orNull(z.string()),
  compute_id: orNull(z.string()),
  /** ALLOCATED, BOOTING, PENDING_*, ERROR, DELETED, ... */
  status: z.string(),
  /** MASTER, BACKUP, STANDALONE. What was configured: it does not move when the backup takes over. */
  role: orNull(z.string()),
  vrrp_ip: orNull(z.string()),
  vrrp_port_id: orNull(z.string()),
  vrrp_priority: orNull(z.number()),
  ha_ip: orNull(z.string()),
  ha_port_id: orNull(z.string()),
  lb_network_ip: orNull(z.string()),
  cached_zone: orNull(z.string()),
});
export type Amphora = Readonly<z.infer<typeof amphoraSchema>>;

/** Administrators only (403). Filter `loadbalancer_id` works. */
export type Amphorae = ReadOnly<Amphora>;

export function amphorae(endpoint: Endpoint): Amphorae {
  return resource(endpoint, { path: '/octavia/amphorae', one: 'amphora', many: 'amphorae', schema: amphoraSchema });
}
