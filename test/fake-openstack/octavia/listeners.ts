import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { readEnvelope } from '../fields.ts';
import { octaviaNotFound, octaviaRefusal } from '../refusal.ts';
import { readable, there, writable } from './access.ts';
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
import { defaultsOf, type ListenerBody, listenerCreate, listenerUpdate } from './listener-fields.ts';
import { checkListenerChanges, checkNewListener } from './listener-rules.ts';
import type { Listener, LoadBalancer } from './records.ts';
import { noStats } from './stats.ts';
import type { Tables } from './tables.ts';

export function listenerRoutes(octavia: Octavia): Routes {
  const { tables, cycles, switches } = octavia;
  const one = (listener: Listener) => ({ listener: showListener(tables, listener) });
  return {
    'GET /v2/lbaas/listeners': (call) =>
      listPage(
        {
          store: tables.listener,
          many: 'listeners',
          filters,
          pageLimit: switches.pageLimit,
          show: (record) => showListener(tables, record),
        },
        call,
      ),
    'GET /v2/lbaas/listeners/:': (call, [id = '']) => {
      const listener = readable(tables, call, 'listener', id);
      return ok({ listener: chosen(showListener(tables, listener), call.query.getAll('fields')) });
    },
    'GET /v2/lbaas/listeners/:/stats': (call, [id = '']) => {
      readable(tables, call, 'listener', id);
      return noStats;
    },
    'POST /v2/lbaas/listeners': (call) => created(one(create(octavia, call))),
    'PUT /v2/lbaas/listeners/:': (call, [id = '']) => {
      const listener = writable(tables, call, 'listener', id);
      const body = readEnvelope(call.body, 'listener', listenerUpdate);
      const balancer = balancerOf(octavia, listener);
      checkListenerChanges(octavia, call, { balancer, listener, body });
      if (body.default_pool_id != null) fittingPool(tables, balancer, body.default_pool_id, listener.protocol);
      childrenMutable(balancer);
      pendingUpdate(octavia, listener, settled(emptyToNull(sortedTags(body)), defaultsOf(listener.protocol)));
      cycles.begin({ balancer, kind: 'listener.update', subjects: [listener] });
      return ok(one(listener));
    },
    'DELETE /v2/lbaas/listeners/:': (call, [id = '']) => {
      const listener = writable(tables, call, 'listener', id);
      const balancer = balancerOf(octavia, listener);
      childrenMutable(balancer);
      pending(octavia, [listener], 'PENDING_DELETE');
      cycles.begin({ balancer, kind: 'listener.delete', subjects: [listener] });
      return noContent;
    },
  };
}

function create(octavia: Octavia, call: Call): Listener {
  refuseNested(call, 'listener', ['default_pool', 'l7policies']);
  const body = readEnvelope(call.body, 'listener', listenerCreate);
  const balancer = writable(octavia.tables, call, 'loadbalancer', body.loadbalancer_id ?? '');
  octavia.quotas.room(balancer.project_id, 'listener');
  const { loadbalancer_id: _balancer, project_id: _project, tenant_id: _tenant, ...own } = body;
  if (own.default_pool_id != null) {
    if (own.protocol === 'PROMETHEUS') throw childless();
    fittingPool(octavia.tables, balancer, own.default_pool_id, own.protocol ?? '');
  }
  childrenMutable(balancer);
  const listener = addListener(octavia, call, { balancer, body: own });
  octavia.cycles.begin({ balancer, kind: 'listener.create', subjects: [listener] });
  return listener;
}

/** Checked and stored; also out of a tree. */
export function addListener(
  octavia: Octavia,
  call: Call,
  { balancer, body }: { readonly balancer: LoadBalancer; readonly body: ListenerBody },
): Listener {
  checkNewListener(octavia, call, { balancer, body });
  const defaults = defaultsOf(body.protocol ?? '');
  return octavia.tables.listener.add({
    ...born(octavia, 'listener', balancer.project_id),
    loadbalancer_id: balancer.id,
    ...defaults,
    protocol: body.protocol ?? '',
    protocol_port: body.protocol_port ?? 0,
    ...settled(emptyToNull(sortedTags(body)), defaults),
  });
}

/** An empty list of CIDRs reads back as none. */
function emptyToNull<B extends { readonly allowed_cidrs?: readonly string[] | null }>(body: B): B {
  return body.allowed_cidrs?.length === 0 ? { ...body, allowed_cidrs: null } : body;
}

function fittingPool(tables: Tables, balancer: LoadBalancer, poolId: string, protocol: string): void {
  const pool = tables.pool.get(poolId);
  if (pool?.loadbalancer_id !== balancer.id) throw octaviaNotFound('Pool', poolId);
  protocolsFit(protocol, pool.protocol);
}

export function childless(): Error {
  return octaviaRefusal(400, 'Protocol PROMETHEUS listeners cannot have child objects.');
}

/** Listeners that a change of a pool shows busy. */
export function listenersUsing(tables: Tables, poolId: string): readonly Listener[] {
  return tables.listenersOf(there(tables, 'pool', poolId));
}

export function showListener(tables: Tables, listener: Listener): Readonly<Record<string, unknown>> {
  const { kind: _kind, loadbalancer_id, ...shown } = listener;
  return {
    ...shown,
    tenant_id: listener.project_id,
    loadbalancers: [{ id: loadbalancer_id }],
    l7policies: tables.policiesOf(listener).map(({ id }) => ({ id })),
  };
}

const filters = [
  'loadbalancer_id',
  'default_pool_id',
  'protocol',
  'protocol_port',
  'description',
  'connection_limit',
  'admin_state_up',
  'provisioning_status',
  'operating_status',
  'client_authentication',
  'default_tls_container_ref',
  'timeout_client_data',
  'timeout_member_connect',
  'timeout_member_data',
  'timeout_tcp_inspect',
];
