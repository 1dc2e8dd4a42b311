import { z } from 'zod';
import { orNull } from '../../fields.ts';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { neutronCommon } from './common.ts';

export const routerSchema = z.object({
  ...neutronCommon,
  admin_state_up: z.boolean(),
  status: orNull(z.string()),
  /** The way out; null: there is none. */
  external_gateway_info: orNull(z.object({ network_id: z.string() })),
});
export type Router = Readonly<z.infer<typeof routerSchema>>;

/** Its interfaces are ports whose `device_id` is its id. A cloud without the router extension answers 404. */
export type Routers = ReadOnly<Router>;

export function routers(endpoint: Endpoint): Routers {
  return resource(endpoint, { path: '/routers', one: 'router', many: 'routers', schema: routerSchema });
}
