import { z } from 'zod';
import { textOrEmpty } from '../../fields.ts';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

/** `amphora`, `ovn`, ...; `octavia` is an old name of amphora. */
export const providerSchema = z.object({ name: z.string(), description: textOrEmpty });
export type Provider = Readonly<z.infer<typeof providerSchema>>;

export type Providers = Pick<ReadOnly<Provider>, 'list'>;

export function providers(endpoint: Endpoint): Providers {
  return resource(endpoint, { path: '/lbaas/providers', one: 'provider', many: 'providers', schema: providerSchema });
}
