import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import { readEnvelope } from '../fields.ts';
import { octaviaNotFound, octaviaRefusal } from '../refusal.ts';
import { below, readable, there, writable } from './access.ts';
import { balancerOf, born, type Octavia, pending, pendingUpdate, settled, sortedTags } from './context.ts';
import { childrenMutable, parentMutable } from './cycles.ts';
import { chosen, listPage } from './listing.ts';
import type { L7Policy, L7Rule } from './records.ts';
import { checkRule, type RuleBody, ruleCreate, ruleDefaults, ruleUpdate } from './rule-fields.ts';

const mostRules = 50;

export function l7RuleRoutes(octavia: Octavia): Routes {
  const { tables, switches } = octavia;
  return below(tables, 'l7policy', {
    'GET /v2/lbaas/l7policies/:/rules': (call, [policyId = '']) => {
      const policy = readable(tables, call, 'l7policy', policyId);
      const among = tables.l7rule.find('l7policy_id', policy.id);
      return listPage(
        { store: tables.l7rule, many: 'rules', filters, among, pageLimit: switches.pageLimit, show: showRule },
        call,
      );
    },
    'GET /v2/lbaas/l7policies/:/rules/:': (call, [policyId = '', id = '']) => {
      readable(tables, call, 'l7policy', policyId);
      return ok({ rule: chosen(showRule(ruleOf(octavia, policyId, id)), call.query.getAll('fields')) });
    },
    'POST /v2/lbaas/l7policies/:/rules': (call, [policyId = '']) =>
      created({ rule: showRule(create(octavia, call, policyId)) }),
    'PUT /v2/lbaas/l7policies/:/rules/:': (call, [policyId = '', id = '']) => {
      const policy = writable(tables, call, 'l7policy', policyId);
      const rule = ruleOf(octavia, policyId, id);
      const body = readEnvelope(call.body, 'rule', ruleUpdate);
      checkRule({ ...(rule as RuleBody), ...body });
      mutable(octavia, policy);
      pendingUpdate(octavia, rule, settled(sortedTags(body), ruleDefaults));
      beginIn(octavia, policy, { kind: 'l7rule.update', rule });
      return ok({ rule: showRule(rule) });
    },
    'DELETE /v2/lbaas/l7policies/:/rules/:': (call, [policyId = '', id = '']) => {
      const policy = writable(tables, call, 'l7policy', policyId);
      const rule = ruleOf(octavia, policyId, id);
      mutable(octavia, policy);
      pending(octavia, [rule], 'PENDING_DELETE');
      beginIn(octavia, policy, { kind: 'l7rule.delete', rule });
      return noContent;
    },
  });
}

function create(octavia: Octavia, call: Call, policyId: string): L7Rule {
  const policy = writable(octavia.tables, call, 'l7policy', policyId);
  const { project_id: _project, tenant_id: _tenant, ...body } = readEnvelope(call.body, 'rule', ruleCreate);
  checkRule(body);
  if (octavia.tables.l7rule.count('l7policy_id', policyId) >= mostRules)
    throw octaviaRefusal(409, `Too many rules on L7 policy ${policyId}`);
  octavia.quotas.room(policy.project_id, 'l7rule');
  mutable(octavia, policy);
  const rule = addRule(octavia, policy, body);
  beginIn(octavia, policy, { kind: 'l7rule.create', rule });
  return rule;
}

export function addRule(octavia: Octavia, policy: L7Policy, body: RuleBody): L7Rule {
  return octavia.tables.l7rule.add({
    ...born(octavia, 'l7rule', policy.project_id),
    loadbalancer_id: policy.loadbalancer_id,
    l7policy_id: policy.id,
    ...ruleDefaults,
    type: body.type ?? '',
    compare_type: body.compare_type ?? '',
    value: body.value ?? '',
    ...settled(sortedTags(body), ruleDefaults),
  });
}

function mutable(octavia: Octavia, policy: L7Policy): void {
  parentMutable(policy);
  childrenMutable(balancerOf(octavia, policy));
}

function beginIn(
  octavia: Octavia,
  policy: L7Policy,
  { kind, rule }: { readonly kind: string; readonly rule: L7Rule },
): void {
  const above = [policy, there(octavia.tables, 'listener', policy.listener_id)];
  pending(octavia, above, 'PENDING_UPDATE');
  octavia.cycles.begin({ balancer: balancerOf(octavia, policy), kind, subjects: [rule], above });
}

function ruleOf({ tables }: Octavia, policyId: string, id: string): L7Rule {
  const rule = tables.l7rule.get(id);
  if (rule?.l7policy_id !== policyId) throw octaviaNotFound('L7 Rule', id);
  return rule;
}

export function showRule(rule: L7Rule): Readonly<Record<string, unknown>> {
  const {
    kind: _kind,
    loadbalancer_id: _balancer,
    l7policy_id: _policy,
    name: _name,
    description: _none,
    ...shown
  } = rule;
  return { ...shown, tenant_id: rule.project_id };
}

const filters = [
  'type',
  'compare_type',
  'key',
  'value',
  'invert',
  'admin_state_up',
  'provisioning_status',
  'operating_status',
];
