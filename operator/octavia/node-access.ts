import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { Port } from 'openstack-sdk-lite/neutron/v2/ports';
import { isConflict, isNotFound, isStale } from 'openstack-sdk-lite/transport/errors';
import type { CloudId } from '../core/model/brand.ts';
import type {
  NodeAccessDone,
  NodeAccessIntent,
  NodeOperation,
  SeenNodeAccess,
  SeenNodePort,
  SeenNodeRule,
} from '../core/model/node-access.ts';
import { judge } from './failure.ts';

/** The cluster's security group and the Neutron ports of its nodes. */
export async function observeNodes(
  cloud: SdkCloud,
  intent: NodeAccessIntent & { readonly groupName: string; readonly description: string },
  call: Call,
): Promise<SeenNodeAccess> {
  const [groups, ports] = await Promise.all([
    cloud.neutron.securityGroups.list({ name: intent.groupName }, call),
    cloud.neutron.ports.list({}, call),
  ]);
  const group = groups.find((one) => one.name === intent.groupName);
  const rules = (group?.security_group_rules ?? []).filter((rule) => rule.direction === 'ingress');
  const found = portsOfNodes(intent, ports);
  return {
    group:
      group === undefined
        ? undefined
        : {
            id: group.id as CloudId,
            rules: rules.map((rule) => ({
              id: rule.id as CloudId,
              ours: rule.description === intent.description,
              protocol: rule.protocol as SeenNodeRule['protocol'],
              min: rule.port_range_min ?? 0,
              max: rule.port_range_max ?? 0,
              cidr: rule.remote_ip_prefix ?? '',
            })),
          },
    ports: [...found.values()],
    former: group === undefined ? [] : formerPorts(group.id, ports, found),
    missing: intent.nodes.map((node) => node.name).filter((name) => !found.has(name)),
  };
}

/** By the node's InternalIP as a fixed IP; of several ports the one on the network that most nodes are on. */
function portsOfNodes({ nodes }: NodeAccessIntent, ports: readonly Port[]): ReadonlyMap<string, SeenNodePort> {
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
function formerPorts(
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
    securityGroupIds: port.security_groups as readonly CloudId[],
    portSecurity: port.port_security_enabled !== false,
    revision: port.revision_number ?? 0,
  };
}

export async function executeNodes(
  cloud: SdkCloud,
  operations: readonly NodeOperation[],
  call: Call,
): Promise<NodeAccessDone> {
  const applied: NodeOperation[] = [];
  const made: { group: CloudId | undefined } = { group: undefined };
  for (const operation of operations) {
    try {
      await perform(cloud, operation, { made, call });
      applied.push(operation);
    } catch (error) {
      // somebody was faster, in the direction we wanted or on the same port: the next look tells
      if (
        isStale(error) ||
        (isNotFound(error) && operation.kind.startsWith('delete')) ||
        (isConflict(error) && operation.kind === 'createNodeRule')
      )
        continue;
      const failure = judge(error);
      const problem =
        'problem' in failure ? failure.problem : ({ reason: 'CloudUnavailable', message: String(error) } as const);
      return {
        applied,
        failed: { problem, retryAfterMs: 'retryAfterMs' in failure ? failure.retryAfterMs : undefined },
      };
    }
  }
  return { applied, failed: undefined };
}

interface Making {
  readonly made: { group: CloudId | undefined };
  readonly call: Call;
}

async function perform(cloud: SdkCloud, operation: NodeOperation, { made, call }: Making): Promise<void> {
  const { neutron } = cloud;
  switch (operation.kind) {
    case 'createGroup': {
      const group = await neutron.securityGroups.create(
        { name: operation.name, description: operation.description },
        call,
      );
      made.group = group.id as CloudId;
      return;
    }
    case 'createNodeRule':
      return createRule(cloud, operation, { made, call });
    case 'deleteNodeRule':
      return neutron.securityGroupRules.remove(operation.id, call);
    case 'attachGroup': {
      const groups = [...operation.port.securityGroupIds, groupId(operation.group, made)];
      await neutron.ports.updateRevision(operation.port, { security_groups: groups }, call);
      return;
    }
    case 'detachGroup': {
      const groups = operation.port.securityGroupIds.filter((id) => id !== operation.group);
      await neutron.ports.updateRevision(operation.port, { security_groups: groups }, call);
      return;
    }
    case 'deleteGroup':
      return neutron.securityGroups.remove(operation.id, call);
  }
}

async function createRule(
  cloud: SdkCloud,
  { rule, group, description }: Extract<NodeOperation, { kind: 'createNodeRule' }>,
  { made, call }: Making,
): Promise<void> {
  const range = { port_range_min: rule.min, port_range_max: rule.max };
  const from = { ethertype: rule.cidr.includes(':') ? 'IPv6' : 'IPv4', remote_ip_prefix: rule.cidr } as const;
  const security_group_id = groupId(group, made);
  await cloud.neutron.securityGroupRules.create(
    { security_group_id, direction: 'ingress', protocol: rule.protocol, description, ...range, ...from },
    call,
  );
}

function groupId(group: CloudId | 'created', made: Making['made']): CloudId {
  const id = group === 'created' ? made.group : group;
  if (id === undefined) throw new Error('the security group was not made');
  return id;
}
