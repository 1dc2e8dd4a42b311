import type { Cloud } from 'openstack-sdk-lite/cloud';
import type { Port } from 'openstack-sdk-lite/neutron/v2/ports';
import type { SecurityGroupRule } from 'openstack-sdk-lite/neutron/v2/security-group-rules';
import { runCommand, tryCommand } from '../kubernetes/command.ts';
import { inNamespace } from '../kubernetes/nodes/in-namespace.ts';
import type { Lab } from './lab.ts';

/** The project of the nodes, as its owner sees it. */
type Neutron = Cloud['neutron'];
type Nodes = Pick<Lab, 'nodes'>;

const table = 'inet security-groups';

/**
 * Puts in front of each node what its port's security groups let in at this moment, as Neutron's agent does: new connections by
 * the address and port that they were sent to, before kube-proxy exchanges them. Answers with what takes it away.
 */
export async function raiseFirewall(neutron: Neutron, { nodes }: Nodes): Promise<() => Promise<void>> {
  const ports = await neutron.ports.list();
  for (const { ip, ns } of nodes) {
    const { security_groups: groups } = portOf(ports, ip);
    const rules = (await neutron.securityGroupRules.list()).filter((rule) => groups.includes(rule.security_group_id));
    const input = firewall(rules.flatMap((rule) => accepts(rule, ports)));
    await runCommand({ ...inNamespace(ns, ['nft', '-f', '-']), input });
  }
  return async () => {
    for (const { ns } of nodes) await tryCommand(inNamespace(ns, ['nft', 'delete', 'table', ...table.split(' ')]));
  };
}

/**
 * What the owner of a cluster does who wants Pods as members: lets the balancers' subnet reach the Pods' port on every node.
 * Answers with what takes it back.
 */
export async function letInToPods(
  neutron: Neutron,
  { nodes }: Nodes,
  from: { readonly cidr: string; readonly port: number },
): Promise<() => Promise<void>> {
  const group = await neutron.securityGroups.create({ name: 'pods' });
  const numbers = { port_range_min: from.port, port_range_max: from.port };
  const source = { protocol: 'tcp', remote_ip_prefix: from.cidr, ...numbers };
  await neutron.securityGroupRules.create({
    security_group_id: group.id,
    direction: 'ingress',
    ethertype: 'IPv4',
    ...source,
  });
  const set = async (change: (groups: readonly string[]) => readonly string[]): Promise<void> => {
    const ports = await neutron.ports.list();
    for (const { id, security_groups: groups } of nodes.map(({ ip }) => portOf(ports, ip)))
      await neutron.ports.update(id, { security_groups: change(groups) });
  };
  await set((groups) => [...groups, group.id]);
  return async () => {
    await set((groups) => groups.filter((id) => id !== group.id));
    await neutron.securityGroups.remove(group.id);
  };
}

function portOf(ports: readonly Port[], ip: string): Port {
  const found = ports.find(({ fixed_ips: addresses }) => addresses.some((one) => one.ip_address === ip));
  if (found === undefined) throw new Error(`no port has the address ${ip}`);
  return found;
}

// eth0 is the node's only way into the cloud; the first two lines make it repeatable
function firewall(lines: readonly string[]): string {
  return `table ${table}
delete table ${table}
table ${table} {
  chain in {
    type filter hook prerouting priority -150
    iifname != "eth0" accept
    ct state established,related accept
    icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
    ${lines.join('\n    ')}
    drop
  }
}
`;
}

function accepts(rule: SecurityGroupRule, ports: readonly Port[]): readonly string[] {
  if (rule.direction !== 'ingress' || rule.ethertype !== 'IPv4') return [];
  const { protocol, port_range_min: first, port_range_max: last } = rule;
  const to =
    protocol === null
      ? ''
      : first === null
        ? `meta l4proto ${protocol}`
        : `${protocol} dport ${first}-${last ?? first}`;
  return sources(rule, ports).map((source) => `meta nfproto ipv4 ${source} ${to} accept`);
}

/** One text per address that may send; another group means the addresses of its ports. */
function sources(rule: SecurityGroupRule, ports: readonly Port[]): readonly string[] {
  const { remote_ip_prefix: prefix, remote_group_id: group } = rule;
  if (prefix !== null) return [`ip saddr ${prefix}`];
  if (group === null) return [''];
  return ports
    .filter(({ security_groups: groups }) => groups.includes(group))
    .flatMap(({ fixed_ips: addresses }) => addresses.map((one) => one.ip_address))
    .filter((address) => !address.includes(':'))
    .map((address) => `ip saddr ${address}`);
}
