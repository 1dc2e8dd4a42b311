import { z } from 'zod';
import { textOrEmpty } from '../../fields.ts';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

/** Octavia's own zones, not Nova's. */
export const availabilityZoneSchema = z.object({ name: z.string(), description: textOrEmpty, enabled: z.boolean() });
export type AvailabilityZone = Readonly<z.infer<typeof availabilityZoneSchema>>;

export type AvailabilityZones = Pick<ReadOnly<AvailabilityZone>, 'list'>;

export function availabilityZones(endpoint: Endpoint): AvailabilityZones {
  return resource(endpoint, {
    path: '/lbaas/availabilityzones',
    one: 'availability_zone',
    many: 'availability_zones',
    schema: availabilityZoneSchema,
  });
}
