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
import { childless } from './listeners.ts';
import { chosen, listPage } from './listing.ts';
import { type PolicyBody, policyCreate, policyDefaults, policyUpdate, targetOf } from './policy-fields.ts';
import type { L7Policy, Listener } from './records.ts';
import { references, type Tables } from './tables.ts';

export function l7PolicyRoutes(octavia: Octavia): Routes {
  const { tables, switches } = octavia;
  const show = (policy: L7Policy) => showPolicy(tables, policy);
  return {
    'GET /v2/lbaas/l7policies': (call) =>
      listPage({ store: tables.l7policy, many: 'l7policies', filters, pageLimit: switches.pageLimit, show }, call),
    'GET /v2/lbaas/l7policies/:': (call, [id = '']) => {
      const policy = readable(tables, call, 'l7policy', id);
      return ok({ l7policy: chosen(show(policy), call.query.getAll('fields')) });
    },
    'POST /v2/lbaas/l7policies': (call) => created({ l7policy: show(create(octavia, call)) }),
    'PUT /v2/lbaas/l7policies/:': (call, [id = '']) => {
      const policy = writable(tables, call, 'l7policy', id);
      const body = readEnvelope(call.body, 'l7policy', policyUpdate);
      const listener = there(tables, 'listener', policy.listener_id);
      checkPool(octavia, listener, body);
      const { position, ...rest } = body;
      const changes = { ...settled(sortedTags(rest), policyDefaults), ...targetOf(body, policy) };
      childrenMutable(balancerOf(octavia, policy));
      pendingUpdate(octavia, policy, changes);
      if (position != null) place(tables, policy, position);
      beginAt(octavia, listener, { kind: 'l7policy.update', policy });
      return ok({ l7policy: show(policy) });
    },
    'DELETE /v2/lbaas/l7policies/:': (call, [id = '']) => {
      const policy = writable(tables, call, 'l7policy', id);
      childrenMutable(balancerOf(octavia, policy));
      pending(octavia, [policy], 'PENDING_DELETE');
      beginAt(octavia, there(tables, 'listener', policy.listener_id), { kind: 'l7policy.delete', policy });
      return noContent;
    },
  };
}

function beginAt(
  octavia: Octavia,
  listener: Listener,
  change: { readonly kind: string; readonly policy: L7Policy },
): void {
  const { kind, policy } = change;
  pending(octavia, [listener], 'PENDING_UPDATE');
  octavia.cycles.begin({ balancer: balancerOf(octavia, policy), kind, subjects: [policy], above: [listener] });
}

function create(octavia: Octavia, call: Call): L7Policy {
  refuseNested(call, 'l7policy', ['rules']);
  const body = readEnvelope(call.body, 'l7policy', policyCreate);
  const { listener_id, project_id: _project, tenant_id: _tenant, ...own } = body;
  const target = targetOf(own);
  const listener = writable(octavia.tables, call, 'listener', listener_id ?? '');
  if (listener.protocol === 'PROMETHEUS') throw childless();
  checkPool(octavia, listener, target);
  octavia.quotas.room(listener.project_id, 'l7policy');
  const balancer = balancerOf(octavia, listener);
  childrenMutable(balancer);
  const policy = addPolicy(octavia, listener, own);
  beginAt(octavia, listener, { kind: 'l7policy.create', policy });
  return policy;
}

/** Into its place among the listener's others; without a position it is the last. */
export function addPolicy(octavia: Octavia, listener: Listener, body: PolicyBody): L7Policy {
  layer7(octavia, listener);
  const { position, ...rest } = body;
  const policy = octavia.tables.l7policy.add({
    ...born(octavia, 'l7policy', listener.project_id),
    loadbalancer_id: listener.loadbalancer_id,
    listener_id: listener.id,
    position: octavia.tables.l7policy.count('listener_id', listener.id) + 1,
    ...policyDefaults,
    ...settled(sortedTags(rest), policyDefaults),
    ...targetOf(body),
  });
  if (position != null) place(octavia.tables, policy, position);
  return policy;
}

/** The driver's refusal, hence the odd status. */
function layer7(octavia: Octavia, { protocol, loadbalancer_id }: Listener): void {
  if (protocol === 'HTTP' || protocol === 'TERMINATED_HTTPS') return;
  const { provider } = there(octavia.tables, 'loadbalancer', loadbalancer_id);
  throw octaviaRefusal(
    501,
    `Provider '${provider}' does not support a requested option: ${protocol} protocol listeners do not support L7 policies`,
  );
}

/** The others move out of the way; a number beyond the end means the end. */
function place(tables: Tables, policy: L7Policy, position: number): void {
  const others = tables.policiesOf({ id: policy.listener_id }).filter((one) => one !== policy);
  const order = others.toSpliced(position - 1, 0, policy);
  for (const [at, one] of order.entries())
    if (one.position !== at + 1) tables.l7policy.change(one, { position: at + 1 });
}

function checkPool(
  { tables }: Octavia,
  listener: Listener,
  { redirect_pool_id: id }: PolicyBody | { redirect_pool_id: string | null },
): void {
  if (id == null) return;
  const pool = tables.pool.get(id);
  if (pool === undefined) throw octaviaNotFound('Pool', id);
  protocolsFit(listener.protocol, pool.protocol);
}

export function showPolicy(tables: Tables, policy: L7Policy): Readonly<Record<string, unknown>> {
  const { kind: _kind, loadbalancer_id: _balancer, ...shown } = policy;
  return { ...shown, tenant_id: policy.project_id, rules: references(tables.l7rule.find('l7policy_id', policy.id)) };
}

const filters = [
  'listener_id',
  'action',
  'position',
  'description',
  'redirect_pool_id',
  'redirect_url',
  'redirect_prefix',
  'redirect_http_code',
  'admin_state_up',
  'provisioning_status',
  'operating_status',
];
