import type { LoadBalancer, OctaviaRecord, Pool } from './records.ts';
import { inOrder, type Tables } from './tables.ts';

/** Pools stand below every listener that uses them, the default one first; those that nothing points to, and all of L7, are not in it. */
export function statusTree(tables: Tables, balancer: LoadBalancer): Readonly<Record<string, unknown>> {
  const listeners = inOrder(tables.listener.find('loadbalancer_id', balancer.id)).map((listener) => {
    const ids = [listener.default_pool_id, ...tables.policiesOf(listener).map((policy) => policy.redirect_pool_id)];
    const pools = [...new Set(ids)].flatMap((id) => (id === null ? [] : (tables.pool.get(id) ?? [])));
    return { ...named(listener), ...states(listener), pools: pools.map((pool) => poolStatus(tables, pool)) };
  });
  return { ...named(balancer), ...states(balancer), listeners };
}

function poolStatus(tables: Tables, pool: Pool): Readonly<Record<string, unknown>> {
  const [monitor] = tables.healthmonitor.find('pool_id', pool.id);
  const members = inOrder(tables.member.find('pool_id', pool.id)).map((member) => {
    const { address, protocol_port } = member;
    return { ...named(member), ...states(member), address, protocol_port };
  });
  const watched =
    monitor === undefined ? {} : { health_monitor: { ...named(monitor), type: monitor.type, ...states(monitor) } };
  return { ...named(pool), ...states(pool), ...watched, members };
}

function named({ id, name }: OctaviaRecord) {
  return { id, name };
}

function states({ operating_status, provisioning_status }: OctaviaRecord) {
  return { operating_status, provisioning_status };
}
