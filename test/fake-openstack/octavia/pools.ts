import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { readEnvelope } from '../fields.ts';
import { octaviaRefusal, validationFailure } from '../refusal.ts';
import { readable, writable } from './access.ts';
import {
  balancerOf,
  born,
  type Octavia,
  pending,
  pendingUpdate,
  protocolsFit,
  refuseNested,
  settled,
  sortedTags,
} from './context.ts';
import { childrenMutable } from './cycles.ts';
import { chosen, listPage } from './listing.ts';
import { childless } from './listeners.ts';
import { checkPersistence, type PoolBody, poolCreate, poolDefaults, poolUpdate } from './pool-fields.ts';
import type { Listener, LoadBalancer, Pool } from './records.ts';
import { references, type Tables } from './tables.ts';

export function poolRoutes(octavia: Octavia): Routes {
  const { tables, cycles, switches } = octavia;
  return {
    'GET /v2/lbaas/pools': (call) =>
      listPage(
        {
          store: tables.pool,
          many: 'pools',
          filters,
          pageLimit: switches.pageLimit,
          show: (pool) => showPool(tables, pool),
        },
        call,
      ),
    'GET /v2/lbaas/pools/:': (call, [id = '']) => {
      const pool = readable(tables, call, 'pool', id);
      return ok({ pool: chosen(showPool(tables, pool), call.query.getAll('fields')) });
    },
    'POST /v2/lbaas/pools': (call) => created({ pool: showPool(tables, create(octavia, call)) }),
    'PUT /v2/lbaas/pools/:': (call, [id = '']) => {
      const pool = writable(tables, call, 'pool', id);
      const body = readEnvelope(call.body, 'pool', poolUpdate);
      checkPersistence(body.session_persistence);
      const balancer = balancerOf(octavia, pool);
      childrenMutable(balancer);
      const listeners = tables.listenersOf(pool);
      pending(octavia, listeners, 'PENDING_UPDATE');
      pendingUpdate(octavia, pool, settled(sortedTags(body), poolDefaults));
      cycles.begin({ balancer, kind: 'pool.update', subjects: [pool], above: listeners });
      return ok({ pool: showPool(tables, pool) });
    },
    'DELETE /v2/lbaas/pools/:': (call, [id = '']) => {
      const pool = writable(tables, call, 'pool', id);
      const [policy] = tables.l7policy.find('redirect_pool_id', id);
      if (policy !== undefined) throw octaviaRefusal(409, `Pool ${id} is in use by L7 policy ${policy.id}`);
      const balancer = balancerOf(octavia, pool);
      childrenMutable(balancer);
      const listeners = tables.listenersOf(pool);
      pending(octavia, listeners, 'PENDING_UPDATE');
      pending(octavia, [pool], 'PENDING_DELETE');
      cycles.begin({ balancer, kind: 'pool.delete', subjects: [pool], above: listeners });
      return noContent;
    },
  };
}

function create(octavia: Octavia, call: Call): Pool {
  const { tables, cycles, quotas } = octavia;
  refuseNested(call, 'pool', ['members', 'healthmonitor']);
  const body = readEnvelope(call.body, 'pool', poolCreate);
  const { loadbalancer_id, listener_id, project_id: _project, tenant_id: _tenant, ...own } = body;
  if (loadbalancer_id == null && listener_id == null)
    throw validationFailure('Must provide at least one of: loadbalancer_id, listener_id');
  const listener = listener_id == null ? undefined : writable(tables, call, 'listener', listener_id);
  const balancer = writable(tables, call, 'loadbalancer', loadbalancer_id ?? listener?.loadbalancer_id ?? '');
  if (listener !== undefined) checkListener(listener, own);
  checkPersistence(own.session_persistence);
  quotas.room(balancer.project_id, 'pool');
  if (listener !== undefined && listener.default_pool_id !== null)
    throw octaviaRefusal(409, 'This listener already has a default pool');
  childrenMutable(balancer);
  const pool = addPool(octavia, balancer, own);
  if (listener !== undefined) pendingUpdate(octavia, listener, { default_pool_id: pool.id });
  cycles.begin({ balancer, kind: 'pool.create', subjects: [pool], above: listener === undefined ? [] : [listener] });
  return pool;
}

function checkListener(listener: Listener, { protocol }: PoolBody): void {
  if (listener.protocol === 'PROMETHEUS') throw childless();
  protocolsFit(listener.protocol, protocol ?? '');
}

export function addPool(octavia: Octavia, balancer: LoadBalancer, body: PoolBody): Pool {
  return octavia.tables.pool.add({
    ...born(octavia, 'pool', balancer.project_id),
    loadbalancer_id: balancer.id,
    ...poolDefaults,
    protocol: body.protocol ?? '',
    ...settled(sortedTags(body), poolDefaults),
  });
}

export function showPool(tables: Tables, pool: Pool): Readonly<Record<string, unknown>> {
  const { kind: _kind, loadbalancer_id, ...shown } = pool;
  const [monitor] = tables.healthmonitor.find('pool_id', pool.id);
  return {
    ...shown,
    tenant_id: pool.project_id,
    loadbalancers: [{ id: loadbalancer_id }],
    listeners: references(tables.listenersOf(pool)),
    members: references(tables.member.find('pool_id', pool.id)),
    ...(monitor === undefined ? {} : { healthmonitor_id: monitor.id }),
  };
}

const filters = [
  'loadbalancer_id',
  'protocol',
  'lb_algorithm',
  'description',
  'admin_state_up',
  'provisioning_status',
  'operating_status',
  'tls_enabled',
];
