import type { GroupName, NodeAccessIntent, NodeOperation, NodeRule, SeenNodeAccess } from '../model/node-access.ts';

export interface WantedNodeAccess {
  readonly name: GroupName;
  readonly description: string;
  readonly rules: readonly NodeRule[];
  readonly complete: NodeAccessIntent['complete'];
}

/** The cluster's security group: made with the first balancer, gone with the last; rules of others are never touched. */
export function diffNodeAccess(wanted: WantedNodeAccess, seen: SeenNodeAccess): readonly NodeOperation[] {
  if (wanted.rules.length === 0) return wanted.complete ? leave(seen) : [];
  const { group } = seen;
  const has = new Set(group?.rules.map(text));
  const id = group?.id ?? 'created';
  const attached = group?.id;
  return [
    ...(group === undefined
      ? [
          {
            kind: 'createGroup',
            name: wanted.name,
            description: wanted.description,
            why: 'balancers of this cluster need a way to its nodes',
          } as const,
        ]
      : []),
    ...wanted.rules
      .filter((rule) => !has.has(text(rule)))
      .map(
        (rule): NodeOperation => ({
          kind: 'createNodeRule',
          group: id,
          rule,
          description: wanted.description,
          why: `balancers reach nodes from ${rule.cidr}`,
        }),
      ),
    ...seen.ports
      .filter((port) => port.portSecurity && !(attached !== undefined && port.securityGroupIds.includes(attached)))
      .map(
        (port): NodeOperation => ({
          kind: 'attachGroup',
          group: id,
          port,
          why: `node ${port.node} is a member of balancers`,
        }),
      ),
    ...surplusRules(wanted, seen),
  ];
}

function surplusRules({ complete, rules }: WantedNodeAccess, { group }: SeenNodeAccess): readonly NodeOperation[] {
  if (!complete) return [];
  const should = new Set(rules.map(text));
  return (group?.rules ?? [])
    .filter((rule) => rule.ours && !should.has(text(rule)))
    .map((rule) => ({ kind: 'deleteNodeRule', id: rule.id, why: 'no balancer comes from there any more' }));
}

/**
 * With the last balancer everything goes, also from machines whose Node object went before: while there are balancers these keep the
 * group, because pools let go of their members one after the other, and a port closed earlier would lose requests.
 */
function leave({ group, ports, former }: SeenNodeAccess): readonly NodeOperation[] {
  if (group === undefined) return [];
  const why = 'this cluster has no balancer any more';
  const rules = group.rules
    .filter((rule) => rule.ours)
    .map((rule): NodeOperation => ({ kind: 'deleteNodeRule', id: rule.id, why }));
  // somebody else's rules live in the group: it is not ours alone to remove
  if (group.rules.some((rule) => !rule.ours)) return rules;
  const detach = [...ports, ...former]
    .filter((port) => port.securityGroupIds.includes(group.id))
    .map((port): NodeOperation => ({ kind: 'detachGroup', group: group.id, port, why }));
  return [...rules, ...detach, { kind: 'deleteGroup', id: group.id, why }];
}

function text(rule: NodeRule): string {
  return `${rule.protocol} ${rule.min} ${rule.max} ${rule.cidr}`;
}
