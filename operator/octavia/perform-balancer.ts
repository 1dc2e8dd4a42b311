import { isConflict, isPolicyDenied, isQuota, OpenStackError } from 'openstack-sdk-lite/transport/errors';
import type { CloudId, IpAddress } from '../core/model/brand.ts';
import type { Operation } from '../core/model/plan.ts';
import { writeTags } from '../core/model/tags.ts';
import { type Bench, done, need } from './bench.ts';
import { judge } from './failure.ts';
import { additionalVip, bareBody, fullBody } from './full-create.ts';

/** Writes about the balancer as a whole, its port and its addresses. */
export type BalancerOperation = Extract<Operation, { readonly kind: (typeof kinds)[number] }>;

const kinds = [
  'createVipPort',
  'createLoadBalancer',
  'updateLoadBalancer',
  'failoverLoadBalancer',
  'releaseLoadBalancer',
  'deleteLoadBalancer',
  'createFloatingIP',
  'attachFloatingIP',
  'detachFloatingIP',
  'deleteFloatingIP',
  'deleteVipPort',
] as const;

export function isOfBalancer(operation: Operation): operation is BalancerOperation {
  return (kinds as readonly string[]).includes(operation.kind);
}

/** The POST of a big tree is answered after seconds per hundred objects. */
const fullCreateDeadlineMs = 300_000;

export async function performBalancer(operation: BalancerOperation, bench: Bench): Promise<void> {
  const { call } = bench;
  const { loadBalancers } = bench.cloud.octavia;
  switch (operation.kind) {
    case 'createVipPort':
      return createVipPort(operation, bench);
    case 'createLoadBalancer':
      return createLoadBalancer(operation, bench);
    case 'updateLoadBalancer': {
      const { name, description, tags, qosPolicyId } = operation.loadBalancer;
      const body = { name, description, tags: writeTags(tags), vip_qos_policy_id: qosPolicyId ?? null };
      return done(loadBalancers.update(operation.id, body, call));
    }
    case 'failoverLoadBalancer':
      return loadBalancers.failover(operation.id, call);
    case 'releaseLoadBalancer':
      return done(loadBalancers.update(operation.id, { tags: [] }, call));
    case 'deleteLoadBalancer':
      return loadBalancers.removeCascade(operation.id, call);
    case 'deleteVipPort':
      return bench.cloud.neutron.ports.remove(operation.id, call);
    default:
      return performFloatingIP(operation, bench);
  }
}

type FloatingIPOperation = Extract<
  BalancerOperation,
  { readonly kind: 'createFloatingIP' | 'attachFloatingIP' | 'detachFloatingIP' | 'deleteFloatingIP' }
>;

async function performFloatingIP(operation: FloatingIPOperation, bench: Bench): Promise<void> {
  const { floatingIps } = bench.cloud.neutron;
  const { call } = bench;
  switch (operation.kind) {
    case 'createFloatingIP':
      return createFloatingIP(operation, bench);
    case 'attachFloatingIP':
      return done(floatingIps.update(operation.id, target(operation, bench), call));
    case 'detachFloatingIP':
      return done(floatingIps.update(operation.id, { port_id: null }, call));
    case 'deleteFloatingIP':
      return floatingIps.remove(operation.id, call);
  }
}

/** Of the subnets that may give one, the first that has an address left. */
async function createFloatingIP(
  operation: Extract<FloatingIPOperation, { kind: 'createFloatingIP' }>,
  bench: Bench,
): Promise<void> {
  const { networkId, subnetId, furtherSubnetIds = [], description } = operation.address;
  const subnets = [subnetId, ...furtherSubnetIds];
  for (const [at, subnet] of subnets.entries()) {
    const body = {
      floating_network_id: networkId,
      description,
      ...target(operation, bench),
      ...(subnet === undefined ? {} : { subnet_id: subnet }),
    };
    try {
      return await done(bench.cloud.neutron.floatingIps.create(body, bench.call));
    } catch (error) {
      if (at === subnets.length - 1 || !addressRefused(error) || isQuota(error)) throw error;
    }
  }
}

/** A port with several IPv4 addresses wants to be told which of them is meant. What this plan made comes before what was seen. */
function target(
  of: { readonly portId: CloudId | undefined; readonly fixedAddress: IpAddress | undefined },
  bench: Bench,
): { readonly port_id: string; readonly fixed_ip_address?: string } {
  const fixed = bench.vipAddress ?? of.fixedAddress;
  return {
    port_id: need(bench.vipPortID ?? of.portId),
    ...(fixed === undefined ? {} : { fixed_ip_address: fixed }),
  };
}

/** An address that is only wished for, and that somebody else has by now, is let go. */
async function createVipPort({ vip }: Extract<Operation, { kind: 'createVipPort' }>, bench: Bench): Promise<void> {
  const { ports } = bench.cloud.neutron;
  const body = (address: IpAddress | undefined) => ({
    network_id: vip.networkId,
    name: vip.name,
    description: vip.description,
    fixed_ips: [
      { subnet_id: vip.subnetId, ...(address === undefined ? {} : { ip_address: address }) },
      ...vip.additional.map(additionalVip),
    ],
  });
  const wished = vip.addressIs === 'wished' && vip.address !== undefined;
  const port = await ports.create(body(vip.address), bench.call).catch((error: unknown) => {
    if (wished && addressRefused(error)) return ports.create(body(undefined), bench.call);
    throw error;
  });
  bench.vipPortID = port.id as CloudId;
}

function addressRefused(error: unknown): boolean {
  return isConflict(error) || (error instanceof OpenStackError && error.status === 400);
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
  const portId = bench.vipPortID ?? operation.portId;
  const ownPort = operation.loadBalancer.vip?.kind === 'ownPort' ? portId : undefined;
  const call = { ...bench.call, deadlineMs: fullCreateDeadlineMs };
  const created = await loadBalancers.create(fullBody({ ...operation, portId }), call).catch(async (error: unknown) => {
    if (ownPort !== undefined && portForbidden(error)) return withoutOwnPort(operation, ownPort, bench);
    if (!refusedForAChild(error) || operation.tree.listeners.length === 0) throw error;
    return loadBalancers.create(bareBody(operation.loadBalancer, portId), call);
  });
  bench.loadBalancerID = created.id as CloudId;
  bench.vipPortID = (created.vip_port_id ?? portId) as CloudId | undefined;
  const addresses = [created.vip_address, ...created.additional_vips.map((vip) => vip.ip_address)];
  bench.vipAddress = addresses.find((address) => address?.includes('.') === true) as IpAddress | undefined;
}

/** Some clouds take no port of their customers' (`allow_vip_port_id`): then Octavia makes one, and ours goes. */
async function withoutOwnPort(
  operation: Extract<Operation, { kind: 'createLoadBalancer' }>,
  ownPort: CloudId,
  bench: Bench,
) {
  const call = { ...bench.call, deadlineMs: fullCreateDeadlineMs };
  const created = await bench.cloud.octavia.loadBalancers.create(fullBody({ ...operation, portId: undefined }), call);
  await bench.cloud.neutron.ports.remove(ownPort, bench.call);
  return created;
}

function portForbidden(error: unknown): boolean {
  if (isPolicyDenied(error)) return true;
  return (
    error instanceof OpenStackError && error.status === 400 && /use of vip_port_id is disallowed/.test(error.faultText)
  );
}

function refusedForAChild(error: unknown): boolean {
  const { kind } = judge(error);
  if (kind !== 'refused' && kind !== 'quota') return false;
  return !(
    error instanceof OpenStackError &&
    /Load Balancer|VIP|ubnet|\bport\b/i.test(error.faultText) &&
    !/protocol_port/.test(error.faultText)
  );
}
