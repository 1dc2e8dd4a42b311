import { z } from 'zod';
import { type Named, octaviaCommon, orEmpty, orNull, references, type Switchable, textOrEmpty } from '../../fields.ts';
import { at, type Call, resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { parsed } from '../../transport/parsed.ts';
import type { ListenerInTree } from './listeners.ts';
import type { PoolInTree } from './pools.ts';
import { type Stats, statsSchema } from './stats.ts';
import { type StatusTree, statusTreeSchema } from './status-tree.ts';

export const loadBalancerSchema = z.object({
  ...octaviaCommon,
  description: textOrEmpty,
  vip_address: orNull(z.string()),
  vip_port_id: orNull(z.string()),
  vip_subnet_id: orNull(z.string()),
  vip_network_id: orNull(z.string()),
  additional_vips: orEmpty(z.object({ subnet_id: orNull(z.string()), ip_address: orNull(z.string()) })),
  vip_qos_policy_id: orNull(z.string()),
  provider: orNull(z.string()),
  flavor_id: orNull(z.string()),
  availability_zone: orNull(z.string()),
  listeners: references,
  pools: references,
});
export type LoadBalancer = Readonly<z.infer<typeof loadBalancerSchema>>;

/**
 * One of `vip_port_id`, `vip_subnet_id`, `vip_network_id` must be there. `listeners` and `pools` make the whole tree in one call;
 * such a call takes seconds per hundred objects, so give it a deadline of minutes.
 */
export interface LoadBalancerCreate extends Named, Switchable {
  readonly vip_address?: string;
  /** A dual-stack port needs `vip_subnet_id` too; its other address goes into `additional_vips`. */
  readonly vip_port_id?: string;
  readonly vip_subnet_id?: string;
  readonly vip_network_id?: string;
  readonly additional_vips?: readonly { readonly subnet_id: string; readonly ip_address?: string }[];
  readonly vip_qos_policy_id?: string;
  readonly provider?: string;
  readonly flavor_id?: string;
  readonly availability_zone?: string;
  readonly project_id?: string;
  readonly listeners?: readonly ListenerInTree[];
  /** Their names must differ: listeners and policies refer to them by name. One that nobody refers to stays PENDING_CREATE. */
  readonly pools?: readonly PoolInTree[];
}

export interface LoadBalancerUpdate extends Named, Switchable {
  readonly vip_qos_policy_id?: string | null;
}

export interface LoadBalancers extends Resource<LoadBalancer, LoadBalancerCreate, LoadBalancerUpdate> {
  /** With everything in it; also when it or its children are in ERROR. A plain `remove` is refused (400) while there are children. */
  removeCascade(id: string, call?: Call): Promise<void>;
  /** Listeners, their pools, monitors and members with both states. Pools that nothing points to and L7 are not in it. */
  statusTree(id: string, call?: Call): Promise<StatusTree>;
  stats(id: string, call?: Call): Promise<Stats>;
  /** New amphorae, one after the other. Administrators only (403). */
  failover(id: string, call?: Call): Promise<void>;
}

export function loadBalancers(endpoint: Endpoint): LoadBalancers {
  const read = (id: string, below: string, call: Call = {}) =>
    endpoint.send({ method: 'GET', path: `${at(table, id)}/${below}`, ...call });
  return {
    ...resource<typeof loadBalancerSchema, LoadBalancerCreate, LoadBalancerUpdate>(endpoint, table),
    removeCascade: async (id, call = {}) => {
      await endpoint.send({ method: 'DELETE', path: at(table, id), query: { cascade: true }, ...call });
    },
    statusTree: async (id, call) => parsed(await read(id, 'status', call), 'statuses', statusTreeSchema).loadbalancer,
    stats: async (id, call) => parsed(await read(id, 'stats', call), 'stats', statsSchema),
    failover: async (id, call = {}) => {
      await endpoint.send({ method: 'PUT', path: `${at(table, id)}/failover`, ...call });
    },
  };
}

const table = { path: '/lbaas/loadbalancers', one: 'loadbalancer', many: 'loadbalancers', schema: loadBalancerSchema };
