import { z } from 'zod';
import { orNull } from '../../fields.ts';
import { resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { neutronCommon, taggable, type Taggable } from './common.ts';

export const floatingIpSchema = z.object({
  ...neutronCommon,
  floating_ip_address: z.string(),
  floating_network_id: z.string(),
  /** null: not associated. Deleting the port, or the load balancer above it, only disassociates. */
  port_id: orNull(z.string()),
  fixed_ip_address: orNull(z.string()),
  status: orNull(z.string()),
});
export type FloatingIp = Readonly<z.infer<typeof floatingIpSchema>>;

export interface FloatingIpUpdate {
  /** null disassociates. */
  readonly port_id?: string | null;
  /** Required when the port has several IPv4 addresses. */
  readonly fixed_ip_address?: string;
  readonly description?: string;
}

export interface FloatingIpCreate extends FloatingIpUpdate {
  readonly floating_network_id: string;
  readonly subnet_id?: string;
  readonly floating_ip_address?: string;
}

export interface FloatingIps extends Resource<FloatingIp, FloatingIpCreate, FloatingIpUpdate>, Taggable {}

export function floatingIps(endpoint: Endpoint): FloatingIps {
  return {
    ...resource<typeof floatingIpSchema, FloatingIpCreate, FloatingIpUpdate>(endpoint, table),
    ...taggable(endpoint, table),
  };
}

const table = { path: '/floatingips', one: 'floatingip', many: 'floatingips', schema: floatingIpSchema };
