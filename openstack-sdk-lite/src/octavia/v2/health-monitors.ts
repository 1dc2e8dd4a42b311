import { z } from 'zod';
import { octaviaCommon, orNull, references, type Switchable } from '../../fields.ts';
import { resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

export const healthMonitorSchema = z.object({
  ...octaviaCommon,
  /** HTTP, HTTPS, PING, TCP, TLS-HELLO, UDP-CONNECT, SCTP. */
  type: z.string(),
  /** Seconds. */
  delay: z.number(),
  /** Seconds. */
  timeout: z.number(),
  max_retries: z.number(),
  max_retries_down: orNull(z.number()),
  http_method: orNull(z.string()),
  /** 1.0 or 1.1. */
  http_version: orNull(z.number()),
  url_path: orNull(z.string()),
  domain_name: orNull(z.string()),
  /** One code, a comma list, or one range; no mixture. */
  expected_codes: orNull(z.string()),
  /** The one pool that it watches. */
  pools: references,
});
export type HealthMonitor = Readonly<z.infer<typeof healthMonitorSchema>>;

export interface HealthMonitorUpdate extends Switchable {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly delay?: number;
  readonly timeout?: number;
  readonly max_retries?: number;
  readonly max_retries_down?: number;
  readonly http_method?: string | null;
  readonly http_version?: number | null;
  readonly url_path?: string | null;
  readonly domain_name?: string | null;
  readonly expected_codes?: string | null;
}

/** `timeout` above `delay` is accepted and makes no sense. */
export interface HealthMonitorCreate extends HealthMonitorUpdate {
  readonly pool_id: string;
  readonly type: string;
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
}

/** Below `healthmonitor` of a pool in a load balancer that is created. */
export type HealthMonitorInTree = Omit<HealthMonitorCreate, 'pool_id'>;

/** There is no filter by load balancer (400); `tags` works. A pool takes one (409). */
export type HealthMonitors = Resource<HealthMonitor, HealthMonitorCreate, HealthMonitorUpdate>;

export function healthMonitors(endpoint: Endpoint): HealthMonitors {
  return resource<typeof healthMonitorSchema, HealthMonitorCreate, HealthMonitorUpdate>(endpoint, {
    path: '/lbaas/healthmonitors',
    one: 'healthmonitor',
    many: 'healthmonitors',
    schema: healthMonitorSchema,
  });
}
