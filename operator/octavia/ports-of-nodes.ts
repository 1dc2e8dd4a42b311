import type { Port } from 'openstack-sdk-lite/neutron/v2/ports';
import type { CloudId, IpAddress } from '../core/model/brand.ts';
import type { NodeAccessIntent, SeenNodePort } from '../core/model/node-access.ts';

/** By the node's InternalIP as a fixed IP; of several ports the one on the network that most nodes are on. */
export function portsOfNodes({ nodes }: NodeAccessIntent, ports: readonly Port[]): ReadonlyMap<string, SeenNodePort> {
  const byAddress = new Map<string, Port[]>();
  for (const port of ports)
    for (const { ip_address } of port.fixed_ips)
      byAddress.set(ip_address, [...(byAddress.get(ip_address) ?? []), port]);
  const candidates = nodes.map((node) => ({
    node: node.name,
    ports: [...new Set(node.addresses.flatMap((address) => byAddress.get(address) ?? []))],
  }));
  const votes = new Map<string, number>();
  for (const { ports: all } of candidates)
    for (const { network_id } of all) votes.set(network_id, (votes.get(network_id) ?? 0) + 1);
  const found = new Map<string, SeenNodePort>();
  for (const { node, ports: all } of candidates) {
    const [best] = all.toSorted(
      (a, b) => (votes.get(b.network_id) ?? 0) - (votes.get(a.network_id) ?? 0) || (a.id < b.id ? -1 : 1),
    );
    if (best !== undefined) found.set(node, seenPort(node, best));
  }
  return found;
}

/** The port of a machine whose Node object is gone lives on with the machine. */
export function formerPorts(
  group: string,
  ports: readonly Port[],
  found: ReadonlyMap<string, SeenNodePort>,
): readonly SeenNodePort[] {
  const ofNodes = new Set<string>([...found.values()].map((port) => port.id));
  return ports
    .filter((port) => port.security_groups.includes(group) && !ofNodes.has(port.id))
    .map((port) => seenPort(port.name ?? port.id, port));
}

function seenPort(node: string, port: Port): SeenNodePort {
  return {
    id: port.id as CloudId,
    node,
    subnets: port.fixed_ips.map((ip) => ({ id: ip.subnet_id as CloudId, address: ip.ip_address as IpAddress })),
    securityGroupIds: port.security_groups as readonly CloudId[],
    portSecurity: port.port_security_enabled !== false,
    revision: port.revision_number ?? 0,
  };
}
