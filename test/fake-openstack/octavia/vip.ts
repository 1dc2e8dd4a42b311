import { canonical, contains } from '../addresses.ts';
import type { Token } from '../keystone/identity.ts';
import { isAdministrator } from '../neutron/common.ts';
import { fixedIps } from '../neutron/ports.ts';
import type { FixedIp, Network, Port, Subnet } from '../neutron/records.ts';
import type { NeutronTables } from '../neutron/tables.ts';
import { octaviaRefusal, Refusal, validationFailure } from '../refusal.ts';
import { isRecord } from '../fields.ts';
import type { LoadBalancerBody } from './load-balancer-fields.ts';
import type { Octavia } from './context.ts';

/** What a load balancer stands on, before there is one. */
export interface VipPlan {
  readonly networkId: string;
  readonly subnetId: string;
  readonly address: string | undefined;
  readonly additional: readonly { readonly subnet_id: string; readonly ip_address?: string }[];
  /** The user's own port. */
  readonly port: Port | undefined;
}

/** Throws what Octavia says of a body that names no place, or one that is not there. */
export function planVip({ neutron, switches }: Octavia, token: Token, body: LoadBalancerBody): VipPlan {
  if (body.vip_port_id != null && !switches.allowVipPortId)
    throw validationFailure("use of vip_port_id is disallowed by this deployment's configuration.");
  const first = body.vip_port_id != null ? ofPort(neutron, token, body) : ofNetwork(neutron, token, body);
  if (body.vip_qos_policy_id != null) qosSeenBy(neutron, token, body.vip_qos_policy_id);
  const additional = (body.additional_vips ?? []).map(({ subnet_id, ip_address }) => ({
    subnet_id: subnet_id ?? '',
    ...(ip_address == null ? {} : { ip_address }),
  }));
  const subnets = [first.subnetId, ...additional.map((vip) => vip.subnet_id)];
  if (new Set(subnets).size < subnets.length)
    throw validationFailure('Duplicate VIP subnet(s) specified. Only one IP can be bound per subnet.');
  const networks = [
    first.networkId,
    ...additional.map((vip) => networkOf(neutron, vip.subnet_id)), // Octavia asks as itself: whose they are does not matter
  ];
  if (new Set(networks).size > 1) throw validationFailure('All VIP subnets must belong to the same network.');
  return { ...first, additional };
}

type First = Omit<VipPlan, 'additional'>;

function ofPort(neutron: NeutronTables, token: Token, body: LoadBalancerBody): First {
  const port = neutron.port.get(body.vip_port_id ?? '');
  if (port === undefined || (port.project_id !== token.project.id && !isAdministrator(token)))
    throw octaviaRefusal(400, `Port ${body.vip_port_id} not found.`);
  if (port.device_id !== '') throw validationFailure(`Port ${port.id} is already used by device ${port.device_id} `);
  const ip = addressOfPort(port, body);
  return { networkId: port.network_id, subnetId: ip.subnet_id, address: ip.ip_address, port };
}

function addressOfPort({ fixed_ips }: Port, { vip_subnet_id, vip_address }: LoadBalancerBody): FixedIp {
  const [only] = fixed_ips;
  if (vip_subnet_id != null) {
    const found = fixed_ips.find((ip) => ip.subnet_id === vip_subnet_id);
    if (found !== undefined) return found;
    throw validationFailure('No VIP address found on the specified VIP port within the specified subnet.');
  }
  if (vip_address != null) {
    const found = fixed_ips.find((ip) => canonical(ip.ip_address) === canonical(vip_address));
    if (found !== undefined) return found;
    throw validationFailure('Specified VIP address not found on the specified VIP port.');
  }
  if (fixed_ips.length === 1 && only !== undefined) return only;
  throw validationFailure("VIP port's subnet could not be determined. Please specify either a VIP subnet or address.");
}

function ofNetwork(neutron: NeutronTables, token: Token, body: LoadBalancerBody): First {
  const { vip_network_id, vip_subnet_id, vip_address } = body;
  const address = vip_address ?? undefined;
  if (vip_subnet_id != null) {
    const subnet = subnetSeenBy(neutron, token, vip_subnet_id);
    return { networkId: subnet.network_id, subnetId: subnet.id, address, port: undefined };
  }
  if (vip_network_id == null)
    throw validationFailure('VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.');
  const network = neutron.network.get(vip_network_id);
  if (network === undefined || !sees(token, network)) throw octaviaRefusal(400, `Network ${vip_network_id} not found.`);
  const subnets = neutron.subnet.find('network_id', network.id).toSorted((a, b) => a.ip_version - b.ip_version);
  const chosen = address === undefined ? subnets[0] : subnets.find((subnet) => contains(subnet.cidr, address));
  if (chosen !== undefined) return { networkId: network.id, subnetId: chosen.id, address, port: undefined };
  throw validationFailure(
    address === undefined
      ? 'Supplied network does not contain a subnet.'
      : 'Supplied network does not contain a subnet for VIP address specified.',
  );
}

export function subnetSeenBy(neutron: NeutronTables, token: Token, id: string): Subnet {
  const subnet = neutron.subnet.get(id);
  const network = subnet === undefined ? undefined : neutron.network.get(subnet.network_id);
  if (subnet !== undefined && network !== undefined && sees(token, network)) return subnet;
  throw octaviaRefusal(400, `Subnet ${id} not found.`);
}

function networkOf(neutron: NeutronTables, subnetId: string): string {
  const subnet = neutron.subnet.get(subnetId);
  if (subnet === undefined) throw octaviaRefusal(400, `Subnet ${subnetId} not found.`);
  return subnet.network_id;
}

export function qosSeenBy(neutron: NeutronTables, token: Token, id: string): void {
  const policy = neutron.qosPolicy.get(id);
  if (policy !== undefined && (policy.shared || policy.project_id === token.project.id || isAdministrator(token)))
    return;
  throw octaviaRefusal(400, `qos_policy ${id} not found.`);
}

function sees(token: Token, network: Network): boolean {
  return (
    network.shared || network['router:external'] || network.project_id === token.project.id || isAdministrator(token)
  );
}

/** Octavia's own port, or the user's. What Neutron refuses comes out as an error of the provider. */
export function takeVipPort(
  octavia: Octavia,
  of: { readonly id: string; readonly projectId: string },
  plan: VipPlan,
): Port {
  if (plan.port !== undefined) return plan.port;
  const { neutron } = octavia;
  const first = { subnet_id: plan.subnetId, ...(plan.address === undefined ? {} : { ip_address: plan.address }) };
  try {
    return neutron.addPort({
      project_id: of.projectId,
      network_id: plan.networkId,
      name: `octavia-lb-${of.id}`,
      device_id: `lb-${of.id}`,
      device_owner: 'Octavia',
      admin_state_up: false,
      fixed_ips: fixedIps(neutron, plan.networkId, [first, ...plan.additional]),
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw octaviaRefusal(
      500,
      `Provider 'amphora' reports error: ${neutronMessage(error)}\nNeutron server returns request_ids: ['req-${octavia.ids.uuid()}']`,
    );
  }
}

function neutronMessage({ body, message }: Refusal): string {
  const fault = isRecord(body) ? body['NeutronError'] : undefined;
  return isRecord(fault) ? String(fault['message']) : message;
}
