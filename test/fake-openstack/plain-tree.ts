import type { HealthMonitor, L7Policy, Listener, LoadBalancer, Pool } from './octavia/records.ts';
import type { Tables } from './octavia/tables.ts';

/**
 * The load balancers in a form in which two that were made in different ways are equal: without ids, times and addresses of their
 * own, children in the order of their names, pools by name. What a person would call the same tree, tags and statuses included.
 */
export function plainTree(tables: Tables): readonly unknown[] {
  return byName(tables.loadbalancer.all()).map((balancer) => ({
    ...said(balancer),
    listeners: byPort(tables.listener.find('loadbalancer_id', balancer.id)).map((one) => listener(tables, one)),
    pools: byName(tables.pool.find('loadbalancer_id', balancer.id)).map((one) => pool(tables, one)),
  }));
}

function listener(tables: Tables, one: Listener): object {
  const { default_pool_id, loadbalancer_id: _above, ...rest } = one;
  return {
    ...said(rest),
    default_pool: poolName(tables, default_pool_id),
    l7policies: tables.policiesOf(one).map((each) => policy(tables, each)),
  };
}

function policy(tables: Tables, one: L7Policy): object {
  const { redirect_pool_id, loadbalancer_id: _above, listener_id: _listener, ...rest } = one;
  const rules = tables.l7rule
    .find('l7policy_id', one.id)
    .map(({ type, compare_type, key, value, invert, provisioning_status }) => ({
      type,
      compare_type,
      key,
      value,
      invert,
      provisioning_status,
    }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { ...said(rest), redirect_pool: poolName(tables, redirect_pool_id), rules };
}

function pool(tables: Tables, one: Pool): object {
  const { loadbalancer_id: _above, ...rest } = one;
  const [watched] = tables.healthmonitor.find('pool_id', one.id);
  const members = tables.member
    .find('pool_id', one.id)
    .map(({ name, address, protocol_port, weight, backup, provisioning_status }) => ({
      name,
      address,
      protocol_port,
      weight,
      backup,
      provisioning_status,
    }))
    .toSorted((a, b) => (`${a.address} ${a.protocol_port}` < `${b.address} ${b.protocol_port}` ? -1 : 1));
  return { ...said(rest), healthmonitor: watched === undefined ? null : monitor(watched), members };
}

function monitor(one: HealthMonitor): object {
  const { loadbalancer_id: _above, pool_id: _pool, ...rest } = one;
  return said(rest);
}

function poolName(tables: Tables, id: string | null): string | null {
  return id === null ? null : (tables.pool.get(id)?.name ?? null);
}

interface Own {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string | null;
  readonly operating_status: string;
  readonly vip_address?: string;
  readonly vip_port_id?: string;
  readonly project_id: string;
}

function said(record: Own): object {
  const {
    id: _id,
    created_at: _born,
    updated_at: _changed,
    operating_status: _health,
    project_id: _project,
    ...rest
  } = record;
  const { vip_address: _address, vip_port_id: _port, ...plain } = rest;
  return plain;
}

function byName<T extends LoadBalancer | Pool>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function byPort(all: readonly Listener[]): readonly Listener[] {
  return all.toSorted((a, b) => a.protocol_port - b.protocol_port || (a.protocol < b.protocol ? -1 : 1));
}
