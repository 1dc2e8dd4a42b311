import type { Call } from '../http.ts';
import { validationFailure } from '../refusal.ts';
import { there } from './access.ts';
import { type Octavia, protocolsFit } from './context.ts';
import { addMonitor } from './health-monitors.ts';
import { addPolicy, showPolicy } from './l7-policies.ts';
import { addRule, showRule } from './l7-rules.ts';
import { addListener, childless, showListener } from './listeners.ts';
import type { LoadBalancerBody } from './load-balancer-fields.ts';
import { checkReserved } from './member-fields.ts';
import { showMember } from './members.ts';
import { checkMonitor } from './monitor-fields.ts';
import { checkPersistence } from './pool-fields.ts';
import { addMember } from './pool-contents.ts';
import { addPool, showPool } from './pools.ts';
import { checkRule } from './rule-fields.ts';
import { targetOf } from './policy-fields.ts';
import type { Child, Listener, LoadBalancer, Pool } from './records.ts';
import { inOrder, type Tables } from './tables.ts';
import type { ListenerOfTree, PolicyOfTree, PoolOfTree } from './tree-fields.ts';

/**
 * Everything below a new load balancer. Pools first, because listeners and policies refer to them by name. Throws in the middle, as
 * Octavia does: whoever calls takes back what was made until then.
 */
export function plantTree(
  octavia: Octavia,
  call: Call,
  of: { readonly balancer: LoadBalancer; readonly body: LoadBalancerBody },
): void {
  const { balancer, body } = of;
  const listeners = body.listeners ?? [];
  const pools = gatherPools(listeners, body.pools ?? []);
  octavia.quotas.room(balancer.project_id, 'pool', pools.length);
  const byName = new Map(pools.map((pool) => [pool.name ?? '', plantPool(octavia, balancer, pool)]));
  octavia.quotas.room(balancer.project_id, 'listener', listeners.length);
  for (const listener of listeners) plantListener(octavia, call, { balancer, listener, pools: byName });
}

/** A pool with more than a name is a whole one, wherever it stands; the others must be found among those. */
function gatherPools(listeners: readonly ListenerOfTree[], given: readonly PoolOfTree[]): readonly PoolOfTree[] {
  const inner = listeners.flatMap((listener) => [
    ...(listener.default_pool == null ? [] : [listener.default_pool]),
    ...(listener.l7policies ?? []).flatMap((policy) => (policy.redirect_pool == null ? [] : [policy.redirect_pool])),
  ]);
  if (inner.some((pool) => pool.name == null || pool.name === ''))
    throw validationFailure('Pools must be named when creating a fully populated loadbalancer.');
  const whole = [...given, ...inner.filter((pool) => Object.keys(pool).length > 1)];
  const names = whole.map((pool) => pool.name ?? '');
  if (new Set(names).size < names.length)
    throw validationFailure('Pool names must be unique when creating a fully populated loadbalancer.');
  const ghost = inner.find((pool) => !names.includes(pool.name ?? ''));
  if (ghost !== undefined)
    throw validationFailure(`Pool '${ghost.name}' was referenced but no full definition was found.`);
  return whole;
}

function plantPool(octavia: Octavia, balancer: LoadBalancer, { members, healthmonitor, ...body }: PoolOfTree): Pool {
  for (const attribute of ['protocol', 'lb_algorithm'] as const)
    if (body[attribute] == null)
      throw validationFailure(`Pool definition for '${body.name}' missing required attribute: ${attribute}`);
  checkPersistence(body.session_persistence);
  const pool = addPool(octavia, balancer, body);
  if (healthmonitor != null) {
    octavia.quotas.room(balancer.project_id, 'healthmonitor');
    checkMonitor(healthmonitor, pool);
    addMonitor(octavia, pool, healthmonitor);
  }
  octavia.quotas.room(balancer.project_id, 'member', members?.length ?? 0);
  for (const member of members ?? []) {
    checkReserved(member);
    addMember(octavia, pool, member);
  }
  return pool;
}

interface Planting {
  readonly balancer: LoadBalancer;
  readonly listener: ListenerOfTree;
  readonly pools: ReadonlyMap<string, Pool>;
}

function plantListener(octavia: Octavia, call: Call, { balancer, listener, pools }: Planting): void {
  const { default_pool, l7policies, ...body } = listener;
  const pool = pools.get(default_pool?.name ?? '');
  const nested = pool !== undefined || (l7policies ?? []).length > 0;
  if (nested && body.protocol === 'PROMETHEUS') throw childless();
  if (pool !== undefined) protocolsFit(body.protocol ?? '', pool.protocol);
  const made = addListener(octavia, call, { balancer, body: { ...body, default_pool_id: pool?.id ?? null } });
  if (pool !== undefined) octavia.tables.listener.change(made, { updated_at: made.created_at });
  for (const policy of l7policies ?? []) plantPolicy(octavia, made, { policy, pools });
}

function plantPolicy(
  octavia: Octavia,
  listener: Listener,
  { policy, pools }: { readonly policy: PolicyOfTree; readonly pools: ReadonlyMap<string, Pool> },
): void {
  const { redirect_pool, rules, ...rest } = policy;
  const pool = pools.get(redirect_pool?.name ?? '');
  const body = pool === undefined ? rest : { ...rest, redirect_pool_id: pool.id };
  targetOf(body);
  octavia.quotas.room(listener.project_id, 'l7policy');
  const made = addPolicy(octavia, listener, body);
  octavia.quotas.room(listener.project_id, 'l7rule', rules?.length ?? 0);
  for (const rule of rules ?? []) {
    checkRule(rule);
    addRule(octavia, made, rule);
  }
}

/** What the worker looks after: a pool that nothing points to is forgotten, with all that is in it. */
export function lookedAfter(tables: Tables, balancer: LoadBalancer): readonly Child[] {
  const used = (poolId: string) => tables.listenersOf(there(tables, 'pool', poolId)).length > 0;
  return tables.below(balancer).filter((child) => {
    if (child.kind === 'pool') return used(child.id);
    return child.kind === 'member' || child.kind === 'healthmonitor' ? used(child.pool_id) : true;
  });
}

/** The answer alone shows whole objects inside; monitors it forgets. */
export function showTree(tables: Tables, balancer: LoadBalancer): Readonly<Record<string, unknown>> {
  const listeners = inOrder(tables.listener.find('loadbalancer_id', balancer.id)).map((listener) => {
    const { loadbalancers: _above, ...shown } = showListener(tables, listener);
    return {
      ...shown,
      l7policies: tables.policiesOf(listener).map((policy) => ({
        ...showPolicy(tables, policy),
        rules: inOrder(tables.l7rule.find('l7policy_id', policy.id)).map(showRule),
      })),
    };
  });
  const pools = inOrder(tables.pool.find('loadbalancer_id', balancer.id)).map((pool) => {
    const { loadbalancers: _above, healthmonitor_id: _monitor, ...shown } = showPool(tables, pool);
    const members = inOrder(tables.member.find('pool_id', pool.id)).map(showMember);
    return { ...shown, members, healthmonitor: null };
  });
  return { listeners, pools };
}
