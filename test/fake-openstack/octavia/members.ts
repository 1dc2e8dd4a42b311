import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { readEnvelope } from '../fields.ts';
import { octaviaNotFound } from '../refusal.ts';
import { below, readable, writable } from './access.ts';
import { type Octavia, pending, pendingUpdate, settled, sortedTags } from './context.ts';
import { chosen, listPage } from './listing.ts';
import { checkReserved, memberCreate, memberDefaults, memberUpdate } from './member-fields.ts';
import { replaceMembers } from './member-batch.ts';
import { addMember, beginInPool, poolMutable } from './pool-contents.ts';
import type { Member } from './records.ts';
import { subnetSeenBy } from './vip.ts';

export function memberRoutes(octavia: Octavia): Routes {
  const { tables, switches } = octavia;
  return below(tables, 'pool', {
    'GET /v2/lbaas/pools/:/members': (call, [poolId = '']) => {
      const pool = readable(tables, call, 'pool', poolId);
      const among = tables.member.find('pool_id', pool.id);
      return listPage(
        { store: tables.member, many: 'members', filters, among, pageLimit: switches.pageLimit, show: showMember },
        call,
      );
    },
    'GET /v2/lbaas/pools/:/members/:': (call, [poolId = '', id = '']) => {
      readable(tables, call, 'pool', poolId);
      return ok({ member: chosen(showMember(memberOf(octavia, poolId, id)), call.query.getAll('fields')) });
    },
    'POST /v2/lbaas/pools/:/members': (call, [poolId = '']) =>
      created({ member: showMember(create(octavia, call, poolId)) }),
    'PUT /v2/lbaas/pools/:/members': (call, [poolId = '']) => replaceMembers(octavia, call, poolId),
    'PUT /v2/lbaas/pools/:/members/:': (call, [poolId = '', id = '']) => {
      const pool = writable(tables, call, 'pool', poolId);
      const member = memberOf(octavia, poolId, id);
      const body = readEnvelope(call.body, 'member', memberUpdate);
      poolMutable(octavia, pool);
      pendingUpdate(octavia, member, settled(sortedTags(body), memberDefaults));
      beginInPool(octavia, pool, { kind: 'member.update', subject: member });
      return ok({ member: showMember(member) });
    },
    'DELETE /v2/lbaas/pools/:/members/:': (call, [poolId = '', id = '']) => {
      const pool = writable(tables, call, 'pool', poolId);
      const member = memberOf(octavia, poolId, id);
      poolMutable(octavia, pool);
      pending(octavia, [member], 'PENDING_DELETE');
      beginInPool(octavia, pool, { kind: 'member.delete', subject: member });
      return noContent;
    },
  });
}

function create(octavia: Octavia, call: Call, poolId: string): Member {
  const pool = writable(octavia.tables, call, 'pool', poolId);
  const { project_id: _project, tenant_id: _tenant, ...body } = readEnvelope(call.body, 'member', memberCreate);
  checkReserved(body);
  if (body.subnet_id != null) subnetSeenBy(octavia.neutron, call.token, body.subnet_id);
  octavia.quotas.room(pool.project_id, 'member');
  poolMutable(octavia, pool);
  const member = addMember(octavia, pool, body);
  beginInPool(octavia, pool, { kind: 'member.create', subject: member });
  return member;
}

function memberOf({ tables }: Octavia, poolId: string, id: string): Member {
  const member = tables.member.get(id);
  if (member?.pool_id !== poolId) throw octaviaNotFound('Member', id);
  return member;
}

export function showMember(member: Member): Readonly<Record<string, unknown>> {
  const {
    kind: _kind,
    loadbalancer_id: _balancer,
    pool_id: _pool,
    health: _health,
    description: _none,
    ...shown
  } = member;
  return { ...shown, tenant_id: member.project_id };
}

const filters = [
  'address',
  'protocol_port',
  'weight',
  'backup',
  'subnet_id',
  'monitor_address',
  'monitor_port',
  'admin_state_up',
  'provisioning_status',
  'operating_status',
];
