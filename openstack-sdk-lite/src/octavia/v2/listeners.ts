import { z } from 'zod';
import { type Named, octaviaCommon, orEmpty, orNull, references, type Switchable, textOrEmpty } from '../../fields.ts';
import { at, type Call, resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { parsed } from '../../transport/parsed.ts';
import type { L7PolicyInTree } from './l7-policies.ts';
import type { PoolInTree } from './pools.ts';
import { type Stats, statsSchema } from './stats.ts';

export const listenerSchema = z.object({
  ...octaviaCommon,
  description: textOrEmpty,
  /** HTTP, HTTPS, TERMINATED_HTTPS, TCP, UDP, SCTP, PROMETHEUS. */
  protocol: z.string(),
  protocol_port: z.number(),
  /** -1: none. */
  connection_limit: orNull(z.number()),
  default_pool_id: orNull(z.string()),
  default_tls_container_ref: orNull(z.string()),
  sni_container_refs: orEmpty(z.string()),
  client_authentication: orNull(z.string()),
  client_ca_tls_container_ref: orNull(z.string()),
  client_crl_container_ref: orNull(z.string()),
  tls_ciphers: orNull(z.string()),
  tls_versions: orEmpty(z.string()),
  alpn_protocols: orEmpty(z.string()),
  /** Header name to "true". */
  insert_headers: z
    .record(z.string(), z.string())
    .nullish()
    .transform((headers): Readonly<Record<string, string>> => headers ?? {}),
  /** Empty: everybody. Octavia reads an empty list back as null. */
  allowed_cidrs: orEmpty(z.string()),
  /** Milliseconds, all four. */
  timeout_client_data: orNull(z.number()),
  timeout_member_connect: orNull(z.number()),
  timeout_member_data: orNull(z.number()),
  timeout_tcp_inspect: orNull(z.number()),
  loadbalancers: references,
  l7policies: references,
});
export type Listener = Readonly<z.infer<typeof listenerSchema>>;

/** null sets a field back to its default. */
export interface ListenerUpdate extends Named, Switchable {
  readonly connection_limit?: number | null;
  readonly default_pool_id?: string | null;
  readonly default_tls_container_ref?: string | null;
  readonly sni_container_refs?: readonly string[] | null;
  readonly client_authentication?: string | null;
  readonly client_ca_tls_container_ref?: string | null;
  readonly client_crl_container_ref?: string | null;
  readonly tls_ciphers?: string | null;
  readonly tls_versions?: readonly string[] | null;
  readonly alpn_protocols?: readonly string[] | null;
  readonly insert_headers?: Readonly<Record<string, string>> | null;
  readonly allowed_cidrs?: readonly string[] | null;
  readonly timeout_client_data?: number | null;
  readonly timeout_member_connect?: number | null;
  readonly timeout_member_data?: number | null;
  readonly timeout_tcp_inspect?: number | null;
}

export interface ListenerCreate extends ListenerUpdate {
  readonly loadbalancer_id: string;
  readonly protocol: string;
  readonly protocol_port: number;
}

/** Below `listeners` of a load balancer that is created. */
export interface ListenerInTree extends Omit<ListenerCreate, 'loadbalancer_id' | 'default_pool_id'> {
  /** The pool itself, or the name of one of the tree's pools. */
  readonly default_pool?: PoolInTree | { readonly name: string };
  readonly l7policies?: readonly L7PolicyInTree[];
}

/** Filter `loadbalancer_id` works. Deleting a listener deletes its policies and keeps its pools. */
export interface Listeners extends Resource<Listener, ListenerCreate, ListenerUpdate> {
  stats(id: string, call?: Call): Promise<Stats>;
}

export function listeners(endpoint: Endpoint): Listeners {
  return {
    ...resource<typeof listenerSchema, ListenerCreate, ListenerUpdate>(endpoint, table),
    stats: async (id, call = {}) =>
      parsed(await endpoint.send({ method: 'GET', path: `${at(table, id)}/stats`, ...call }), 'stats', statsSchema),
  };
}

const table = { path: '/lbaas/listeners', one: 'listener', many: 'listeners', schema: listenerSchema };
