import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import { isConflict, isNotFound, isQuota, isStale } from 'openstack-sdk-lite/transport/errors';
import type { SecurityGroupRule } from 'openstack-sdk-lite/neutron/v2/security-group-rules';
import { familyOf } from '../core/model/address-family.ts';
import type { CloudId, Uid } from '../core/model/brand.ts';
import type {
  NodeAccessDone,
  NodeAccessIntent,
  NodeFailure,
  NodeOperation,
  SeenNodeAccess,
  SeenNodeRule,
} from '../core/model/node-access.ts';
import { readRuleMark } from '../core/model/node-marks.ts';
import { Unresolved } from './by-ref.ts';
import { judge } from './failure.ts';
import { nodeAddresses, performNodeAddress } from './node-addresses.ts';
import { formerPorts, portsOfNodes } from './ports-of-nodes.ts';

/** The cluster's security group, the Neutron ports of its nodes, and their floating IPs. */
export async function observeNodes(
  cloud: SdkCloud,
  intent: NodeAccessIntent & { readonly groupName: string },
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
        : { id: group.id as CloudId, rules: rules.map((rule) => seenRule(rule, intent.cluster)) },
    ports: [...found.values()],
    former: group === undefined ? [] : formerPorts(group.id, ports, found),
    missing: intent.nodes.map((node) => node.name).filter((name) => !found.has(name)),
    addresses: await nodeAddresses(cloud, { cluster: intent.cluster, ports: [...found.values()] }, call),
  };
}

function seenRule(rule: SecurityGroupRule, cluster: Uid): SeenNodeRule {
  const mark = readRuleMark(rule.description, cluster);
  return {
    id: rule.id as CloudId,
    ours: mark !== undefined,
    service: mark?.service,
    protocol: rule.protocol as SeenNodeRule['protocol'],
    min: rule.port_range_min ?? 0,
    max: rule.port_range_max ?? 0,
    cidr: rule.remote_ip_prefix ?? everybody(rule),
  };
}

/** A rule without a network is for Neutron the same as one with all of them written out. */
function everybody({ remote_group_id, ethertype }: SecurityGroupRule): string {
  if (remote_group_id !== null) return '';
  return ethertype === 'IPv6' ? '::/0' : '0.0.0.0/0';
}

/** What is refused stops only what builds on it; a cloud that is away stops everything. */
export async function executeNodes(
  cloud: SdkCloud,
  operations: readonly NodeOperation[],
  call: Call,
): Promise<NodeAccessDone> {
  const applied: NodeOperation[] = [];
  const failed: NodeFailure[] = [];
  const made: Making['made'] = { group: undefined };
  for (const operation of operations) {
    if ('group' in operation && operation.group === 'created' && made.group === undefined) continue;
    try {
      await perform(cloud, operation, { made, call });
      applied.push(operation);
    } catch (error) {
      if (isOvertaken(error, operation)) continue;
      const failure = failureOf(error);
      failed.push({ operation, ...failure });
      if (failure.last) break;
    }
  }
  return {
    applied,
    failed: failed.map(({ operation, problem, retryAfterMs }) => ({ operation, problem, retryAfterMs })),
  };
}

/** Somebody was faster, in the direction that we wanted or on the same port: the next look tells. */
function isOvertaken(error: unknown, { kind }: NodeOperation): boolean {
  if (isQuota(error)) return false;
  return isStale(error) || isNotFound(error) || (isConflict(error) && kind !== 'deleteGroup');
}

function failureOf(error: unknown): Omit<NodeFailure, 'operation'> & { readonly last: boolean } {
  if (error instanceof Unresolved) return { problem: error.problem, retryAfterMs: undefined, last: false };
  const failure = judge(error);
  if (!('problem' in failure))
    return { problem: { reason: 'CloudUnavailable', message: String(error) }, retryAfterMs: undefined, last: true };
  const retryAfterMs = 'retryAfterMs' in failure ? failure.retryAfterMs : undefined;
  return { problem: failure.problem, retryAfterMs, last: failure.kind === 'unavailable' };
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
    case 'createNodeAddress':
    case 'moveNodeAddress':
    case 'deleteNodeAddress':
      return performNodeAddress(cloud, operation, call);
  }
}

async function createRule(
  cloud: SdkCloud,
  { rule, group, description }: Extract<NodeOperation, { kind: 'createNodeRule' }>,
  { made, call }: Making,
): Promise<void> {
  // what Neutron calls the ports of ICMP are type and code: all of them
  const range = rule.max === 0 ? {} : { port_range_min: rule.min, port_range_max: rule.max };
  const from = { ethertype: familyOf(rule.cidr), remote_ip_prefix: rule.cidr } as const;
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
