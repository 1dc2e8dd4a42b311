import type { Manifest } from '../../support/manifests.ts';
import { condition, messageOf, type SmallWorld } from './small-world.ts';

/** A NodePort Service of team-a, and what became of it in a small world. */

export const sources = 'octopool.dev/node-port-sources';
export const addresses = 'octopool.dev/node-floating-ips';
/** What the Service `game` asks for. */
export const game = { [sources]: '203.0.113.0/24, 2001:db8::/32', [addresses]: '2' };

const reachable = 'octopool.dev/NodePortReachable';

export function service(name: string, annotations: Readonly<Record<string, string>>, spec: Manifest = {}): Manifest {
  const ports = [{ name: 'main', port: 7000, protocol: 'TCP', nodePort: 30_080 }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'team-a', annotations },
    spec: { type: 'NodePort', ports, ...spec },
  };
}

/** `True AddressesReady`, of the Service `game`. */
export function told({ cluster }: SmallWorld): string | undefined {
  return condition(cluster.get('Service', 'team-a', 'game'), reachable);
}

export function said({ cluster }: SmallWorld): string {
  return messageOf(cluster.get('Service', 'team-a', 'game'), reachable);
}

/** `tcp 30080 IPv4 203.0.113.0/24`, of the nodes' group. */
export function rules({ fake }: SmallWorld): readonly string[] {
  const { security_group, security_group_rule } = fake.world.neutron;
  const ours = security_group.all().filter(({ name }) => name.startsWith('octopool-nodes-'));
  const groups = new Set(ours.map(({ id }) => id));
  return security_group_rule
    .all()
    .filter((rule) => rule.direction === 'ingress' && groups.has(rule.security_group_id))
    .map(({ protocol, port_range_min: min, port_range_max: max, ethertype, remote_ip_prefix }) => {
      const ports = min === max ? String(min) : `${min}-${max}`;
      return `${protocol} ${ports} ${ethertype} ${remote_ip_prefix}`;
    })
    .toSorted();
}

/** `10.10.0.11 ours`, by the node's address. */
export function floating({ fake }: SmallWorld): readonly string[] {
  return fake.world.neutron.floatingip
    .all()
    .map((one) => `${one.fixed_ip_address} ${whose(one.description)}`)
    .toSorted();
}

function whose(description: string): string {
  return description.startsWith('octopool/node-fip cluster=') ? 'ours' : 'by hand';
}

/** A person gives the node at 10.10.0.`at` a public address. */
export function floatByHand({ fake }: SmallWorld, at: number): void {
  const { neutron } = fake.world;
  const port = neutron.port.all().find((one) => one.fixed_ips.some((ip) => ip.ip_address === `10.10.0.${at}`));
  const external = neutron.network.all().find((network) => network['router:external']);
  const [subnet] = neutron.subnet.find('network_id', external?.id ?? '');
  if (port === undefined || external === undefined || subnet === undefined) throw new Error('no such node');
  const { name: _none, ...born } = neutron.born(port.project_id);
  neutron.floatingip.add({
    ...born,
    floating_ip_address: neutron.allocate(subnet),
    floating_network_id: external.id,
    port_id: port.id,
    fixed_ip_address: `10.10.0.${at}`,
    status: 'ACTIVE',
  });
}
