import { octaviaRefusal } from '../refusal.ts';
import { balancerOf, born, type Octavia, pending, settled, sortedTags } from './context.ts';
import { childrenMutable, parentMutable } from './cycles.ts';
import { type MemberBody, memberDefaults } from './member-fields.ts';
import type { HealthMonitor, Member, Pool } from './records.ts';

/** An address and port can be in a pool once. */
export function addMember(octavia: Octavia, pool: Pool, body: MemberBody): Member {
  const { address = '', protocol_port = 0 } = body;
  const same = octavia.tables.member
    .find('pool_id', pool.id)
    .some((one) => one.address === address && one.protocol_port === protocol_port);
  if (same)
    throw octaviaRefusal(
      409,
      `Another member on this pool is already using ip ${address} on protocol_port ${protocol_port}`,
    );
  return octavia.tables.member.add(newMember(octavia, pool, body));
}

export function newMember(octavia: Octavia, pool: Pool, body: MemberBody): Member {
  const monitored = octavia.tables.healthmonitor.count('pool_id', pool.id) > 0;
  return {
    ...born(octavia, 'member', pool.project_id),
    operating_status: monitored ? 'OFFLINE' : 'NO_MONITOR',
    loadbalancer_id: pool.loadbalancer_id,
    pool_id: pool.id,
    health: 'up',
    ...memberDefaults,
    address: body.address ?? '',
    protocol_port: body.protocol_port ?? 0,
    ...settled(sortedTags(body), memberDefaults),
  };
}

/** What stands in a pool changes only while the pool and its balancer are ACTIVE. */
export function poolMutable(octavia: Octavia, pool: Pool): void {
  parentMutable(pool);
  childrenMutable(balancerOf(octavia, pool));
}

export function beginInPool(
  octavia: Octavia,
  pool: Pool,
  { kind, subject }: { readonly kind: string; readonly subject: Member | HealthMonitor },
): void {
  const above = [pool, ...octavia.tables.listenersOf(pool)];
  pending(octavia, above, 'PENDING_UPDATE');
  octavia.cycles.begin({ balancer: balancerOf(octavia, pool), kind, subjects: [subject], above });
}
