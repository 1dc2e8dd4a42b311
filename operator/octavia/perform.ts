import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import { isPolicyDenied } from 'openstack-sdk-lite/transport/errors';
import type { CloudId } from '../core/model/brand.ts';
import { type Key, readKey } from '../core/model/key.ts';
import type { Operation, Ref } from '../core/model/plan.ts';
import { writeTags } from '../core/model/tags.ts';
import { additionalVip, bareBody, fullBody } from './full-create.ts';
import { listenerBody, memberBody, monitorBody, policyBody, poolBody, ruleBody } from './bodies.ts';
import { judge } from './failure.ts';

/** What one execution knows beyond its plan. */
export interface Bench {
  readonly cloud: SdkCloud;
  readonly call: Call;
  /** Ids of what this plan has made. */
  readonly made: Map<Key, CloudId>;
  loadBalancerID: CloudId | undefined;
  vipPortID: CloudId | undefined;
}

/** An operation needs something that was refused before it. */
export class Missing extends Error {}

/** The POST of a big tree is answered after seconds per hundred objects. */
const fullCreateDeadlineMs = 300_000;

/** Sends one operation. Throws OpenStackError as it came, or Missing. */
export async function perform(operation: Operation, bench: Bench): Promise<void> {
  const { cloud, call } = bench;
  const { octavia, neutron } = cloud;
  switch (operation.kind) {
    case 'createVipPort':
      return createVipPort(operation, bench);
    case 'createLoadBalancer':
      return createLoadBalancer(operation, bench);
    case 'updateLoadBalancer': {
      const { name, description, tags, qosPolicyId } = operation.loadBalancer;
      const body = { name, description, tags: writeTags(tags), vip_qos_policy_id: qosPolicyId ?? null };
      return done(octavia.loadBalancers.update(operation.id, body, call));
    }
    case 'releaseLoadBalancer':
      return done(octavia.loadBalancers.update(operation.id, { tags: [] }, call));
    case 'deleteLoadBalancer':
      return octavia.loadBalancers.removeCascade(operation.id, call);
    case 'createFloatingIP': {
      const { networkId, subnetId, description } = operation.address;
      const port_id = need(operation.portId ?? bench.vipPortID);
      return done(
        neutron.floatingIps.create(
          {
            floating_network_id: networkId,
            description,
            port_id,
            ...(subnetId === undefined ? {} : { subnet_id: subnetId }),
          },
          call,
        ),
      );
    }
    case 'attachFloatingIP':
      return done(
        neutron.floatingIps.update(operation.id, { port_id: need(operation.portId ?? bench.vipPortID) }, call),
      );
    case 'detachFloatingIP':
      return done(neutron.floatingIps.update(operation.id, { port_id: null }, call));
    case 'deleteFloatingIP':
      return neutron.floatingIps.remove(operation.id, call);
    case 'deleteVipPort':
      return neutron.ports.remove(operation.id, call);
    default:
      return performChild(operation, bench);
  }
}

type ChildOperation = Exclude<
  Operation,
  {
    readonly kind:
      | 'createVipPort'
      | 'createLoadBalancer'
      | 'updateLoadBalancer'
      | 'releaseLoadBalancer'
      | 'deleteLoadBalancer'
      | 'createFloatingIP'
      | 'attachFloatingIP'
      | 'detachFloatingIP'
      | 'deleteFloatingIP'
      | 'deleteVipPort';
  }
>;

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
  { kind: 'createPolicy' | 'updatePolicy' | 'enablePolicy' | 'deletePolicy' | 'createRule' | 'deleteRule' }
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
    case 'deletePolicy':
      return octavia.l7Policies.remove(operation.id, call);
    case 'createRule':
      return done(octavia.rulesOf(idOf(operation.policy, bench)).create(ruleBody(operation.rule), call));
    case 'deleteRule':
      return octavia.rulesOf(idOf(operation.policy, bench)).remove(operation.id, call);
  }
}

async function createVipPort({ vip }: Extract<Operation, { kind: 'createVipPort' }>, bench: Bench): Promise<void> {
  const address = vip.address === undefined ? {} : { ip_address: vip.address };
  const body = {
    network_id: vip.networkId,
    name: vip.name,
    description: vip.description,
    fixed_ips: [{ subnet_id: vip.subnetId, ...address }, ...vip.additional.map(additionalVip)],
  };
  const port = await bench.cloud.neutron.ports.create(body, bench.call);
  bench.vipPortID = port.id as CloudId;
}

/**
 * One POST with everything. When Octavia refuses it for the sake of a child, the balancer alone is sent at once: the next
 * pass adds the children one by one, so that a bad one harms nobody else.
 */
async function createLoadBalancer(
  operation: Extract<Operation, { kind: 'createLoadBalancer' }>,
  bench: Bench,
): Promise<void> {
  const { loadBalancers } = bench.cloud.octavia;
  const portId = operation.portId ?? bench.vipPortID;
  const call = { ...bench.call, deadlineMs: fullCreateDeadlineMs };
  const bare = bareBody(operation.loadBalancer, portId);
  const created = await loadBalancers.create(fullBody({ ...operation, portId }), call).catch(async (error: unknown) => {
    if (isPolicyDenied(error) && portId !== undefined && operation.loadBalancer.vip?.kind === 'ownPort')
      return loadBalancers.create(fullBody({ ...operation, portId: undefined }), call); // a cloud that forbids vip_port_id
    const childs =
      ['refused', 'quota'].includes(judge(error).kind) && !/Load Balancer|VIP|ubnet|port/i.test(String(error));
    if (!childs || operation.tree.listeners.length === 0) throw error;
    return loadBalancers.create(bare, call);
  });
  bench.loadBalancerID = created.id as CloudId;
  bench.vipPortID = (created.vip_port_id ?? portId) as CloudId | undefined;
}

async function done(answer: Promise<unknown>): Promise<void> {
  await answer;
}

async function keep(key: Key, answer: Promise<{ readonly id: string }>, bench: Bench): Promise<void> {
  bench.made.set(key, (await answer).id as CloudId);
}

function idOf(ref: Ref, { made }: Bench): CloudId {
  return 'id' in ref ? ref.id : need(made.get(ref.key));
}

function need(id: CloudId | undefined): CloudId {
  if (id === undefined) throw new Missing('what it needs was refused');
  return id;
}
