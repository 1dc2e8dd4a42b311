import type { Child, LoadBalancer, Member, Pool } from './records.ts';
import type { Tables } from './tables.ts';

/** What heartbeats would make of a balancer: its members' health, and from it everything above. */
export function operatingStatuses(tables: Tables, balancer: LoadBalancer): void {
  const set = (record: Child | LoadBalancer, status: string) => {
    if (record.operating_status !== status) tables.change(record, { operating_status: status });
  };
  const children = tables.below(balancer).filter((child) => child.provisioning_status !== 'PENDING_CREATE');
  const pools: string[] = [];
  for (const child of children) {
    if (child.kind === 'pool') continue;
    const monitored = child.kind === 'member' && tables.healthmonitor.count('pool_id', child.pool_id) > 0;
    set(child, child.kind === 'member' ? ofMember(child, monitored) : switched(child));
  }
  for (const child of children) {
    if (child.kind !== 'pool') continue;
    const status = ofPool(child, tables.member.find('pool_id', child.id));
    set(child, status);
    pools.push(status);
  }
  const worst = pools.includes('ERROR') ? 'ERROR' : pools.includes('DEGRADED') ? 'DEGRADED' : 'ONLINE';
  set(balancer, balancer.admin_state_up ? worst : 'OFFLINE');
}

function switched({ admin_state_up }: Child): string {
  return admin_state_up ? 'ONLINE' : 'OFFLINE';
}

function ofMember(member: Member, monitored: boolean): string {
  if (!member.admin_state_up) return 'OFFLINE';
  if (!monitored) return 'NO_MONITOR';
  if (member.health === 'down') return 'ERROR';
  return member.weight === 0 ? 'DRAINING' : 'ONLINE';
}

function ofPool(pool: Pool, members: readonly Member[]): string {
  if (!pool.admin_state_up) return 'OFFLINE';
  const down = members.filter((member) => member.operating_status === 'ERROR').length;
  if (down === 0) return 'ONLINE';
  return down === members.length ? 'ERROR' : 'DEGRADED';
}
