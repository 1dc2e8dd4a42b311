import { z } from 'zod';
import { orNull, textOrEmpty } from '../../fields.ts';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

export const flavorSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: textOrEmpty,
  enabled: z.boolean(),
  /** What is in the profile, only an administrator sees. */
  flavor_profile_id: orNull(z.string()),
});
export type Flavor = Readonly<z.infer<typeof flavorSchema>>;

export type Flavors = ReadOnly<Flavor>;

export function flavors(endpoint: Endpoint): Flavors {
  return resource(endpoint, { path: '/lbaas/flavors', one: 'flavor', many: 'flavors', schema: flavorSchema });
}
