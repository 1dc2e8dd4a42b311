import { z } from 'zod';
import { nthAddress } from '../addresses.ts';
import { created, type Routes } from '../http.ts';
import { found, type Kind, readNeutron, readRoutes } from './common.ts';
import type { Network, QosPolicy, Subnet } from './records.ts';
import type { NeutronTables } from './tables.ts';

/** Networks, subnets and QoS policies: seeded, and read by everybody who may see them. */
export function networkRoutes(tables: NeutronTables): Routes {
  const networks = networkKind(tables);
  return {
    ...readRoutes(networks, tables),
    ...readRoutes(subnetKind(tables), tables),
    ...readRoutes(qosKind(tables), tables),
    'POST /v2.0/subnets': (call) => {
      const body = readNeutron(call.body, 'subnet', subnetBody);
      const network = found(networks, call, body.network_id);
      const subnet = addSubnet(tables, network, body);
      return created({ subnet: subnetKind(tables).show(subnet) });
    },
  };
}

const subnetBody = z.strictObject({
  network_id: z.string(),
  ip_version: z.union([z.literal(4), z.literal(6)]),
  cidr: z.string(),
  name: z.string().default(''),
  description: z.string().default(''),
  enable_dhcp: z.boolean().default(true),
});

export function addNetwork(
  tables: NeutronTables,
  of: { readonly project_id: string; readonly name: string; readonly external?: true; readonly shared?: true },
): Network {
  const { project_id, name, external = false, shared = false } = of;
  const given = { name, shared, 'router:external': external };
  return tables.network.add({
    ...tables.born(project_id),
    ...given,
    admin_state_up: true,
    status: 'ACTIVE',
    mtu: 1500,
  });
}

export function addSubnet(
  tables: NeutronTables,
  network: Network,
  of: { readonly cidr: string; readonly name: string; readonly enable_dhcp?: boolean },
): Subnet {
  const ip_version = of.cidr.includes(':') ? 6 : 4;
  return tables.subnet.add({
    ...tables.born(network.project_id),
    enable_dhcp: false,
    ...of,
    ip_version,
    network_id: network.id,
    gateway_ip: nthAddress(of.cidr, 1),
  });
}

function networkKind(tables: NeutronTables): Kind<Network> {
  return {
    store: tables.network,
    path: 'networks',
    one: 'network',
    many: 'networks',
    missing: { type: 'NetworkNotFound', text: (id) => `Network ${id} could not be found.` },
    open: (network) => network.shared || network['router:external'],
    show: (network) => ({
      ...network,
      tenant_id: network.project_id,
      subnets: tables.subnet.find('network_id', network.id).map((subnet) => subnet.id),
    }),
  };
}

export function subnetKind(tables: NeutronTables): Kind<Subnet> {
  return {
    store: tables.subnet,
    path: 'subnets',
    one: 'subnet',
    many: 'subnets',
    missing: { type: 'SubnetNotFound', text: (id) => `Subnet ${id} could not be found.` },
    // a subnet of an external network is its owner's alone, as long as the network is not shared
    open: (subnet) => tables.network.get(subnet.network_id)?.shared === true || external(tables, subnet),
    show: (subnet) => ({ ...subnet, tenant_id: subnet.project_id }),
  };
}

function external(tables: NeutronTables, subnet: Subnet): boolean {
  return tables.network.get(subnet.network_id)?.['router:external'] === true;
}

export function qosKind(tables: NeutronTables): Kind<QosPolicy> {
  return {
    store: tables.qosPolicy,
    path: 'qos/policies',
    one: 'policy',
    many: 'policies',
    missing: { type: 'QosPolicyNotFound', text: (id) => `QoS policy ${id} could not be found.` },
    open: (policy) => policy.shared,
    show: (policy) => ({ ...policy, tenant_id: policy.project_id, rules: [], is_default: false }),
  };
}
