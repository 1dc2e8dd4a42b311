import { addNetwork, addSubnet } from './neutron/networks.ts';
import { addRouter } from './neutron/routers.ts';
import type { World } from './world.ts';

/** What is there before anybody asks for anything: the lab's networks, flavors and policies under the lab's names. */
export function seed({ neutron, identity, octavia, ids }: World): void {
  const projectId = (name: string) => identity.accounts.projects.find((one) => one.name === name)?.id ?? name;
  const external = addNetwork(neutron, { project_id: projectId('admin'), name: 'public', external: true });
  addSubnet(neutron, external, { name: 'public-subnet', cidr: '172.24.4.0/24' });
  const tenants = [
    { name: 'tenant-a', cidr: '10.10.0.0/16', cidr6: 'fd00:10:10::/64' },
    { name: 'tenant-b', cidr: '10.20.0.0/16', cidr6: 'fd00:10:20::/64' },
  ];
  for (const { name, cidr, cidr6 } of tenants) {
    const network = addNetwork(neutron, { project_id: projectId(name), name: `${name}-net` });
    const subnet = addSubnet(neutron, network, { name: `${name}-subnet`, cidr });
    addSubnet(neutron, network, { name: `${name}-subnet-v6`, cidr: cidr6 });
    neutron.defaultGroup(projectId(name));
    addRouter(neutron, { project_id: projectId(name), name: `${name}-router`, subnets: [subnet], outside: external });
  }
  neutron.qosPolicy.add({ ...neutron.born(projectId('admin')), name: 'shared-qos', shared: true });
  neutron.qosPolicy.add({ ...neutron.born(projectId('tenant-b')), name: 'tenant-b-qos', shared: false });
  for (const [name, topology] of [
    ['single', 'SINGLE'],
    ['active-standby', 'ACTIVE_STANDBY'],
  ]) {
    const flavor_data = JSON.stringify({ loadbalancer_topology: topology });
    const profile = octavia.tables.flavorProfile.add({
      id: ids.uuid(),
      name: name ?? '',
      provider_name: 'amphora',
      flavor_data,
    });
    const flavor = { id: ids.uuid(), name: name ?? '', description: '', enabled: true, flavor_profile_id: profile.id };
    octavia.tables.flavor.add(flavor);
  }
}

/** Ports of a tenant's machines at these addresses, as Nova makes them. */
export function addNodePorts(
  { neutron, identity, ids }: World,
  of: { readonly project: string; readonly addresses: readonly string[] },
): readonly string[] {
  const project = identity.accounts.projects.find((one) => one.name === of.project);
  if (project === undefined) throw new Error(`there is no project ${of.project}`);
  const network = neutron.network.find('project_id', project.id)[0];
  const subnet = neutron.subnet.find('network_id', network?.id ?? '').find((one) => one.ip_version === 4);
  if (network === undefined || subnet === undefined) throw new Error(`${of.project} has no network`);
  return of.addresses.map((address, at) => {
    const port = neutron.addPort({
      project_id: project.id,
      network_id: network.id,
      name: `node-${at + 1}`,
      device_id: ids.uuid(),
      device_owner: 'compute:nova',
      status: 'ACTIVE',
      security_groups: [neutron.defaultGroup(project.id).id],
      fixed_ips: [{ subnet_id: subnet.id, ip_address: neutron.allocate(subnet, address) }],
    });
    return port.id;
  });
}
