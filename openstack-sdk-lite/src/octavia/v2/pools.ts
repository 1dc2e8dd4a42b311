import { z } from 'zod';
import { type Named, octaviaCommon, orEmpty, orNull, references, type Switchable, textOrEmpty } from '../../fields.ts';
import { resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import type { HealthMonitorInTree } from './health-monitors.ts';
import type { MemberBody } from './members.ts';

const sessionPersistence = z.object({
  /** SOURCE_IP, HTTP_COOKIE, APP_COOKIE. */
  type: z.string(),
  cookie_name: orNull(z.string()),
  persistence_timeout: orNull(z.number()),
  persistence_granularity: orNull(z.string()),
});

export const poolSchema = z.object({
  ...octaviaCommon,
  description: textOrEmpty,
  /** HTTP, HTTPS, PROXY, PROXYV2, TCP, UDP, SCTP. */
  protocol: z.string(),
  /** ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP, SOURCE_IP_PORT. */
  lb_algorithm: z.string(),
  session_persistence: orNull(sessionPersistence),
  healthmonitor_id: orNull(z.string()),
  tls_enabled: z
    .boolean()
    .nullish()
    .transform((enabled) => enabled ?? false),
  tls_container_ref: orNull(z.string()),
  ca_tls_container_ref: orNull(z.string()),
  crl_container_ref: orNull(z.string()),
  tls_ciphers: orNull(z.string()),
  tls_versions: orEmpty(z.string()),
  alpn_protocols: orEmpty(z.string()),
  loadbalancers: references,
  listeners: references,
  members: references,
});
export type Pool = Readonly<z.infer<typeof poolSchema>>;

export interface SessionPersistence {
  readonly type: 'SOURCE_IP' | 'HTTP_COOKIE' | 'APP_COOKIE';
  /** Required with APP_COOKIE, refused with the others. */
  readonly cookie_name?: string;
  readonly persistence_timeout?: number;
  readonly persistence_granularity?: string;
}

export interface PoolUpdate extends Named, Switchable {
  readonly lb_algorithm?: string;
  readonly session_persistence?: SessionPersistence | null;
  readonly tls_enabled?: boolean;
  readonly tls_container_ref?: string | null;
  readonly ca_tls_container_ref?: string | null;
  readonly crl_container_ref?: string | null;
  readonly tls_ciphers?: string | null;
  readonly tls_versions?: readonly string[] | null;
  readonly alpn_protocols?: readonly string[] | null;
}

/** With `listener_id` it becomes that listener's default pool. Members and monitor come by calls of their own: here they are a 500. */
export interface PoolCreate extends PoolUpdate {
  readonly loadbalancer_id?: string;
  readonly listener_id?: string;
  readonly protocol: string;
  readonly lb_algorithm: string;
}

/** Below `pools`, `default_pool` or `redirect_pool` of a load balancer that is created. */
export interface PoolInTree extends Omit<PoolCreate, 'loadbalancer_id' | 'listener_id' | 'name'> {
  readonly name: string;
  readonly members?: readonly MemberBody[];
  readonly healthmonitor?: HealthMonitorInTree;
}

/** Filter `loadbalancer_id` works. One that a policy points to cannot be deleted (409); a default pool can. */
export type Pools = Resource<Pool, PoolCreate, PoolUpdate>;

export function pools(endpoint: Endpoint): Pools {
  return resource<typeof poolSchema, PoolCreate, PoolUpdate>(endpoint, {
    path: '/lbaas/pools',
    one: 'pool',
    many: 'pools',
    schema: poolSchema,
  });
}
