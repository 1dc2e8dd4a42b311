import { z } from 'zod';
import { orEmpty, orNull } from '../../fields.ts';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { neutronCommon } from './common.ts';

export const networkSchema = z.object({
  ...neutronCommon,
  admin_state_up: z.boolean(),
  status: orNull(z.string()),
  shared: z.boolean(),
  /** Floating IPs come out of such a network. */
  'router:external': z
    .boolean()
    .nullish()
    .transform((external) => external ?? false),
  /** Ids of subnets. */
  subnets: orEmpty(z.string()),
  mtu: orNull(z.number()),
});
export type Network = Readonly<z.infer<typeof networkSchema>>;

export type Networks = ReadOnly<Network>;

export function networks(endpoint: Endpoint): Networks {
  return resource(endpoint, { path: '/networks', one: 'network', many: 'networks', schema: networkSchema });
}
