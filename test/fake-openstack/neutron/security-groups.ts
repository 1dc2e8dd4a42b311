import { z } from 'zod';
import { created, noContent, ok, type Routes } from '../http.ts';
import { neutronRefusal } from '../refusal.ts';
import { found, type Kind, readNeutron, readRoutes } from './common.ts';
import type { SecurityGroup, SecurityGroupRule } from './records.ts';
import type { NeutronTables } from './tables.ts';

const groupBody = z.strictObject({ name: z.string().optional(), description: z.string().optional() });
const ruleBody = z.strictObject({
  security_group_id: z.string(),
  direction: z.enum(['ingress', 'egress']),
  ethertype: z.enum(['IPv4', 'IPv6']).default('IPv4'),
  protocol: z.union([z.string(), z.number()]).nullish(),
  port_range_min: z.coerce.number().int().nullish(),
  port_range_max: z.coerce.number().int().nullish(),
  remote_ip_prefix: z.string().nullish(),
  remote_group_id: z.string().nullish(),
  description: z.string().default(''),
});

export function securityGroupRoutes(tables: NeutronTables): Routes {
  const groups = groupKind(tables);
  const rules = ruleKind(tables);
  return {
    ...readRoutes(groups, tables),
    ...readRoutes(rules, tables),
    'POST /v2.0/security-groups': (call) => {
      const { name = '', description = '' } = readNeutron(call.body, 'security_group', groupBody);
      const project_id = call.token.project.id;
      tables.room(project_id, 'security_group');
      return created({ security_group: groups.show(tables.addGroup({ project_id, name, description })) });
    },
    'PUT /v2.0/security-groups/:': (call, [id = '']) => {
      const group = found(groups, call, id);
      const { name = group.name, description = group.description } = readNeutron(
        call.body,
        'security_group',
        groupBody,
      );
      tables.touch(tables.security_group, group, { name, description });
      return ok({ security_group: groups.show(group) });
    },
    'DELETE /v2.0/security-groups/:': (call, [id = '']) => {
      const group = found(groups, call, id);
      if (tables.port.all().some((port) => port.security_groups.includes(id)))
        throw neutronRefusal(409, 'SecurityGroupInUse', `Security Group ${id} in use.`);
      tables.removeGroup(group);
      return noContent;
    },
    'POST /v2.0/security-group-rules': (call) => {
      const body = readNeutron(call.body, 'security_group_rule', ruleBody);
      const group = found(groups, call, body.security_group_id);
      tables.room(group.project_id, 'security_group_rule');
      const rule = addOnce(tables, group, body);
      return created({ security_group_rule: rules.show(rule) });
    },
    'DELETE /v2.0/security-group-rules/:': (call, [id = '']) => {
      const rule = found(rules, call, id);
      tables.security_group_rule.remove(rule);
      const group = tables.security_group.get(rule.security_group_id);
      if (group !== undefined) tables.touch(tables.security_group, group, {});
      return noContent;
    },
  };
}

/** Two rules that differ in nothing but the description are the same rule. */
function addOnce(tables: NeutronTables, group: SecurityGroup, body: z.infer<typeof ruleBody>): SecurityGroupRule {
  const rule = {
    direction: body.direction,
    ethertype: body.ethertype,
    protocol: body.protocol == null ? null : String(body.protocol),
    port_range_min: body.port_range_min ?? null,
    port_range_max: body.port_range_max ?? null,
    remote_ip_prefix: body.remote_ip_prefix ?? null,
    remote_group_id: body.remote_group_id ?? null,
  };
  if (rule.port_range_min !== null && rule.port_range_max !== null && rule.port_range_min > rule.port_range_max)
    throw neutronRefusal(
      400,
      'SecurityGroupInvalidPortRange',
      'For TCP/UDP protocols, port_range_min must be <= port_range_max',
    );
  const wanted = JSON.stringify(essence(rule));
  const same = tables.security_group_rule
    .find('security_group_id', group.id)
    .find((one) => JSON.stringify(essence(one)) === wanted);
  if (same !== undefined)
    throw neutronRefusal(409, 'SecurityGroupRuleExists', `Security group rule already exists. Rule id is ${same.id}.`);
  const { project_id } = group;
  tables.touch(tables.security_group, group, {});
  return tables.addRule({ ...rule, project_id, security_group_id: group.id, description: body.description });
}

type Essential =
  | 'direction'
  | 'ethertype'
  | 'protocol'
  | 'port_range_min'
  | 'port_range_max'
  | 'remote_ip_prefix'
  | 'remote_group_id';

/** Everybody, written out or not, is everybody. */
function essence(rule: Pick<SecurityGroupRule, Essential>) {
  const { direction, ethertype, protocol, port_range_min, port_range_max, remote_ip_prefix, remote_group_id } = rule;
  const everybody = remote_ip_prefix === '0.0.0.0/0' || remote_ip_prefix === '::/0';
  const from = everybody ? null : remote_ip_prefix;
  return { direction, ethertype, protocol, port_range_min, port_range_max, remote_ip_prefix: from, remote_group_id };
}

function groupKind(tables: NeutronTables): Kind<SecurityGroup> {
  const rules = ruleKind(tables);
  return {
    store: tables.security_group,
    path: 'security-groups',
    one: 'security_group',
    many: 'security_groups',
    missing: { type: 'SecurityGroupNotFound', text: (id) => `Security group ${id} does not exist` },
    show: (group) => ({
      ...group,
      tenant_id: group.project_id,
      security_group_rules: tables.security_group_rule
        .find('security_group_id', group.id)
        .map((rule) => rules.show(rule)),
    }),
  };
}

function ruleKind(tables: NeutronTables): Kind<SecurityGroupRule> {
  return {
    store: tables.security_group_rule,
    path: 'security-group-rules',
    one: 'security_group_rule',
    many: 'security_group_rules',
    missing: { type: 'SecurityGroupRuleNotFound', text: (id) => `Security group rule ${id} does not exist.` },
    show: (rule) => ({
      ...rule,
      tenant_id: rule.project_id,
      remote_address_group_id: null,
      normalized_cidr: rule.remote_ip_prefix,
    }),
  };
}
