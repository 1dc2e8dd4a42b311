import { z } from 'zod';
import { type Named, orEmpty, orNull, type Switchable, textOrEmpty } from '../../fields.ts';
import { at, type Call, resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { parsed } from '../../transport/parsed.ts';
import { neutronCommon, taggable, type Taggable } from './common.ts';

export const portSchema = z.object({
  ...neutronCommon,
  network_id: z.string(),
  admin_state_up: z.boolean(),
  status: orNull(z.string()),
  mac_address: orNull(z.string()),
  /** `Octavia` on VIP ports that Octavia made; `compute:<zone>` on those of servers. */
  device_owner: textOrEmpty,
  /** `lb-<id>` on VIP ports that Octavia made; else the server's id. */
  device_id: textOrEmpty,
  fixed_ips: orEmpty(z.object({ subnet_id: z.string(), ip_address: z.string() })),
  /** Ids. */
  security_groups: orEmpty(z.string()),
  allowed_address_pairs: orEmpty(z.object({ ip_address: z.string() })),
  port_security_enabled: orNull(z.boolean()),
});
export type Port = Readonly<z.infer<typeof portSchema>>;

/** An update replaces whole lists. */
export interface PortUpdate extends Omit<Named, 'tags'>, Switchable {
  readonly device_owner?: string;
  readonly device_id?: string;
  readonly fixed_ips?: readonly { readonly subnet_id?: string; readonly ip_address?: string }[];
  readonly security_groups?: readonly string[];
  readonly port_security_enabled?: boolean;
}

export interface PortCreate extends PortUpdate {
  readonly network_id: string;
  readonly tags?: readonly string[];
}

/** Filters: `device_id`, `device_owner`, `network_id`, `fixed_ips` as `ip_address=10.0.0.4`, ... */
export interface Ports extends Resource<Port, PortCreate, PortUpdate>, Taggable {
  /** Only if the port still has this revision; else 412 (`isStale`). For lists that several writers share. */
  updateRevision(
    target: { readonly id: string; readonly revision: number },
    body: PortUpdate,
    call?: Call,
  ): Promise<Port>;
}

export function ports(endpoint: Endpoint): Ports {
  return {
    ...resource<typeof portSchema, PortCreate, PortUpdate>(endpoint, table),
    ...taggable(endpoint, table),
    updateRevision: async ({ id, revision }, body, call = {}) => {
      const headers = { 'If-Match': `revision_number=${revision}` };
      const answer = await endpoint.send({
        method: 'PUT',
        path: at(table, id),
        body: { port: body },
        headers,
        ...call,
      });
      return parsed(answer, 'port', portSchema);
    },
  };
}

const table = { path: '/ports', one: 'port', many: 'ports', schema: portSchema };
