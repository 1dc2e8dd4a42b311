import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Port } from 'openstack-sdk-lite/neutron/v2/ports';
import type { Subnet } from 'openstack-sdk-lite/neutron/v2/subnets';
import type { LoadBalancer } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import type { Call } from 'openstack-sdk-lite/resource';
import type { CloudId } from '../core/model/brand.ts';
import type { CloudRef } from '../core/model/terms.ts';
import type { Placement } from '../core/model/balancer-spec.ts';
import { balancerDescription, isBalancerDescription } from '../core/model/tags.ts';
import type { AdditionalVip } from '../core/model/wanted.ts';
import { byRef, notFound, Unresolved } from './by-ref.ts';
import type { Question } from './observe.ts';

/** Where a balancer's own address is. */
export interface Vip {
  readonly networkId: CloudId;
  readonly subnetId: CloudId;
  readonly givenPortId: CloudId | undefined;
  readonly family: 'IPv4' | 'IPv6';
  readonly cidr: string;
}

export async function vipOf(cloud: SdkCloud, found: LoadBalancer | undefined, call: Call): Promise<Vip | undefined> {
  if (found?.vip_subnet_id == null) return undefined;
  return asVip(await cloud.neutron.subnets.get(found.vip_subnet_id, call), undefined);
}

export async function chooseVip(cloud: SdkCloud, asked: Question, call: Call): Promise<Vip> {
  const { vip } = asked.balancer.spec.placement;
  if (vip === undefined || 'beside' in vip) return asVip(await subnetOfNodes(cloud, asked, call), undefined);
  if ('subnet' in vip) return asVip(await subnet(cloud, vip.subnet, call), undefined);
  if ('network' in vip) {
    const networks = await byRef(
      vip.network,
      'network',
      (filter) => cloud.neutron.networks.list(filter, call),
      (id) => cloud.neutron.networks.get(id, call),
    );
    const subnets = await cloud.neutron.subnets.list({ network_id: networks.id }, call);
    const chosen = subnets.toSorted((a, b) => a.ip_version - b.ip_version || (a.id < b.id ? -1 : 1))[0];
    if (chosen === undefined) throw new Unresolved(notFound('subnet on network', networks.name));
    return asVip(chosen, undefined);
  }
  const port = await givenPort(cloud, { ...asked, ref: vip.port }, call);
  return asVip(await cloud.neutron.subnets.get(port.fixed_ips[0]?.subnet_id ?? '', call), port.id as CloudId);
}

/**
 * Octavia takes whatever port it is given, and replaces its security groups: so nothing may stand on it, neither a machine nor, when its
 * load balancer was deleted by hand, another balancer of ours.
 */
async function givenPort(
  cloud: SdkCloud,
  { cluster, balancer, ref }: Pick<Question, 'cluster' | 'balancer'> & { readonly ref: CloudRef },
  call: Call,
): Promise<Port> {
  const port = await byRef(
    ref,
    'port',
    (filter) => cloud.neutron.ports.list(filter, call),
    (id) => cloud.neutron.ports.get(id, call),
  );
  const refused = (what: string) =>
    new Unresolved({ reason: 'CloudRefused', message: `Port ${port.id} ${what}. Name another port.` });
  const inUse = await cloud.octavia.loadBalancers.list({ vip_port_id: port.id }, call);
  if (inUse.length > 0) throw refused('is the VIP of another load balancer already');
  const own = balancerDescription(cluster, balancer.uid);
  const othersWord = isBalancerDescription(port.description) && port.description !== own;
  const inService = port.device_owner !== '' && !/^octavia\b/i.test(port.device_owner);
  if (othersWord || inService) throw refused('is in use already');
  return port;
}

function asVip(of: Subnet, givenPortId: CloudId | undefined): Vip {
  return {
    networkId: of.network_id as CloudId,
    subnetId: of.id as CloudId,
    givenPortId,
    family: of.ip_version === 6 ? 'IPv6' : 'IPv4',
    cidr: of.cidr,
  };
}

/** The default of placement.vip: the subnet in which most nodes have their address. */
async function subnetOfNodes(cloud: SdkCloud, { nodeAddresses }: Question, call: Call): Promise<Subnet> {
  const wanted = new Set<string>(nodeAddresses);
  const ports = nodeAddresses.length === 0 ? [] : await cloud.neutron.ports.list({}, call);
  const votes = new Map<string, number>();
  for (const port of ports)
    for (const ip of port.fixed_ips)
      if (wanted.has(ip.ip_address)) votes.set(ip.subnet_id, (votes.get(ip.subnet_id) ?? 0) + 1);
  const [winner] = [...votes].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (winner === undefined)
    throw new Unresolved({
      reason: 'CloudResourceNotFound',
      message:
        'No Neutron port of this project has the InternalIP of a node, so the subnet for the VIP is not known. Set placement.vip.',
    });
  return cloud.neutron.subnets.get(winner[0], call);
}

export async function subnet(cloud: SdkCloud, ref: CloudRef | undefined, call: Call): Promise<Subnet> {
  if (ref === undefined) throw new Unresolved(notFound('subnet', ''));
  return byRef(
    ref,
    'subnet',
    (filter) => cloud.neutron.subnets.list(filter, call),
    (id) => cloud.neutron.subnets.get(id, call),
  );
}

/** Octavia takes further addresses at creation only, from subnets of the same network. */
export async function additionalVips(
  cloud: SdkCloud,
  wanted: Placement['additionalVips'],
  call: Call,
): Promise<readonly (AdditionalVip & { readonly family: 'IPv4' | 'IPv6' })[]> {
  return Promise.all(
    wanted.map(async ({ subnet: ref, address }) => {
      const found = await subnet(cloud, ref, call);
      return { subnetId: found.id as CloudId, address, family: found.ip_version === 6 ? 'IPv6' : 'IPv4' };
    }),
  );
}
