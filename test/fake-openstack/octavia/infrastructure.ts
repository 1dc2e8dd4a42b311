import { addAmphorae, removeAmphorae } from './amphorae.ts';
import type { Octavia } from './context.ts';
import type { LoadBalancer } from './records.ts';

/** What the worker makes around a new balancer: amphorae with their ports, and the VIP's security group in Octavia's own project. */
export function settle(octavia: Octavia, balancer: LoadBalancer): void {
  const { neutron } = octavia;
  const group = neutron.addGroup({ project_id: 'service', name: groupName(balancer) });
  const port = neutron.port.get(balancer.vip_port_id);
  if (port !== undefined) neutron.touch(neutron.port, port, { security_groups: [group.id] });
  addAmphorae(octavia, balancer);
}

/** The user's own port lives on, without a group. */
export function unsettle(octavia: Octavia, balancer: LoadBalancer): void {
  const { neutron, tables } = octavia;
  for (const child of tables.below(balancer)) tables.remove(child);
  removeAmphorae(octavia, balancer);
  const port = neutron.port.get(balancer.vip_port_id);
  if (port?.device_id === `lb-${balancer.id}`) neutron.removePort(port);
  else if (port !== undefined) neutron.touch(neutron.port, port, { security_groups: [] });
  for (const group of neutron.security_group.find('name', groupName(balancer)))
    if (group.project_id === 'service') neutron.removeGroup(group);
  tables.loadbalancer.remove(balancer);
}

function groupName({ id }: LoadBalancer): string {
  return `lb-${id}`;
}
