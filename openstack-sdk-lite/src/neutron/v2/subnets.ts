import { z } from 'zod';
import { orNull } from '../../fields.ts';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { neutronCommon } from './common.ts';

export const subnetSchema = z.object({
  ...neutronCommon,
  network_id: z.string(),
  ip_version: z.union([z.literal(4), z.literal(6)]),
  cidr: z.string(),
  gateway_ip: orNull(z.string()),
});
export type Subnet = Readonly<z.infer<typeof subnetSchema>>;

export type Subnets = ReadOnly<Subnet>;

export function subnets(endpoint: Endpoint): Subnets {
  return resource(endpoint, { path: '/subnets', one: 'subnet', many: 'subnets', schema: subnetSchema });
}
