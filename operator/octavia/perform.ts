import type { CloudId } from '../core/model/brand.ts';
import { readKey } from '../core/model/key.ts';
import type { Operation } from '../core/model/plan.ts';
import { writeTags } from '../core/model/tags.ts';
import { type Bench, done, idOf, keep, need } from './bench.ts';
import { listenerBody, memberBody, monitorBody, policyBody, poolBody, ruleBody } from './bodies.ts';
import { type BalancerOperation, isOfBalancer, performBalancer } from './perform-balancer.ts';

/** Sends one operation. Throws OpenStackError as it came, or Missing. */
export async function perform(operation: Operation, bench: Bench): Promise<void> {
  return isOfBalancer(operation) ? performBalancer(operation, bench) : performChild(operation, bench);
}

type ChildOperation = Exclude<Operation, BalancerOperation>;

async function performChild(operation: ChildOperation, bench: Bench): Promise<void> {
  const { cloud, call } = bench;
  const { octavia } = cloud;
  switch (operation.kind) {
    case 'createListener':
    case 'updateListener':
    case 'deleteListener':
      return performListener(operation, bench);
    case 'createPool': {
      const body = {
        ...poolBody(operation.pool),
        protocol: operation.pool.protocol,
        loadbalancer_id: need(bench.loadBalancerID),
      };
      return keep(operation.pool.key, octavia.pools.create(body, call), bench);
    }
    case 'updatePool':
      return done(octavia.pools.update(operation.id, poolBody(operation.pool), call));
    case 'deletePool':
      return octavia.pools.remove(operation.id, call);
    case 'replaceMembers':
      return octavia.membersOf(idOf(operation.pool, bench)).replaceAll(operation.members.map(memberBody), call);
    case 'createMonitor':
      return done(
        octavia.healthMonitors.create(
          { ...monitorBody(operation.monitor), pool_id: idOf(operation.pool, bench) },
          call,
        ),
      );
    case 'updateMonitor': {
      const { type: _fixed, ...body } = monitorBody(operation.monitor);
      return done(octavia.healthMonitors.update(operation.id, body, call));
    }
    case 'deleteMonitor':
      return octavia.healthMonitors.remove(operation.id, call);
    default:
      return performPolicy(operation, bench);
  }
}

async function performListener(
  operation: Extract<Operation, { kind: 'createListener' | 'updateListener' | 'deleteListener' }>,
  bench: Bench,
): Promise<void> {
  const { listeners } = bench.cloud.octavia;
  if (operation.kind === 'deleteListener') return listeners.remove(operation.id, bench.call);
  const { listener } = operation;
  const pool = defaultPool(operation, bench);
  if (operation.kind === 'updateListener')
    return done(listeners.update(operation.id, { ...listenerBody(listener), ...pool }, bench.call));
  const fixed = {
    loadbalancer_id: need(bench.loadBalancerID),
    protocol: listener.protocol,
    protocol_port: listener.port,
  };
  return keep(listener.key, listeners.create({ ...listenerBody(listener), ...fixed, ...pool }, bench.call), bench);
}

/** The pool of a shared listener may have been refused: that is no reason to refuse every route the listener. */
function defaultPool(
  { kind, listener, defaultPool: ref }: Extract<Operation, { kind: 'createListener' | 'updateListener' }>,
  bench: Bench,
): { readonly default_pool_id?: CloudId | null } {
  if (ref === undefined) return kind === 'updateListener' ? { default_pool_id: null } : {};
  const optional = readKey(listener.key)?.kind === 'httpListener' && 'key' in ref && !bench.made.has(ref.key);
  return optional ? {} : { default_pool_id: idOf(ref, bench) };
}

type PolicyOperation = Extract<
  Operation,
  {
    kind:
      | 'createPolicy'
      | 'updatePolicy'
      | 'enablePolicy'
      | 'suspendPolicy'
      | 'deletePolicy'
      | 'createRule'
      | 'updateRule'
      | 'deleteRule';
  }
>;

async function performPolicy(operation: PolicyOperation, bench: Bench): Promise<void> {
  const { octavia } = bench.cloud;
  const { call } = bench;
  switch (operation.kind) {
    case 'createPolicy': {
      const body = {
        ...policyBody(operation.policy),
        listener_id: idOf(operation.listener, bench),
        ...(operation.pool === undefined ? {} : { redirect_pool_id: idOf(operation.pool, bench) }),
        position: operation.position,
      };
      return keep(
        operation.policy.key,
        octavia.l7Policies.create({ ...body, admin_state_up: operation.enabled === 'atOnce' }, call),
        bench,
      );
    }
    case 'updatePolicy': {
      const place = operation.position === undefined ? {} : { position: operation.position };
      return done(
        octavia.l7Policies.update(
          operation.id,
          {
            ...policyBody(operation.policy),
            ...(operation.pool === undefined ? {} : { redirect_pool_id: idOf(operation.pool, bench) }),
            ...place,
          },
          call,
        ),
      );
    }
    case 'enablePolicy':
      return done(octavia.l7Policies.update(idOf(operation.policy, bench), { admin_state_up: true }, call));
    case 'suspendPolicy':
      return done(
        octavia.l7Policies.update(operation.id, { admin_state_up: false, tags: writeTags(operation.tags) }, call),
      );
    case 'deletePolicy':
      return octavia.l7Policies.remove(operation.id, call);
    default:
      return performRule(operation, bench);
  }
}

async function performRule(
  operation: Extract<PolicyOperation, { kind: 'createRule' | 'updateRule' | 'deleteRule' }>,
  bench: Bench,
): Promise<void> {
  const policy = idOf(operation.policy, bench);
  const rules = bench.cloud.octavia.rulesOf(policy);
  switch (operation.kind) {
    case 'createRule':
      await rules.create(ruleBody(operation.rule), bench.call);
      bench.fresh.add(policy);
      return;
    case 'updateRule':
      return done(rules.update(operation.id, ruleBody(operation.rule), bench.call));
    case 'deleteRule':
      return rules.remove(operation.id, bench.call);
  }
}
