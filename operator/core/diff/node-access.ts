import type { Uid } from '../model/brand.ts';
import type { GroupName, NodeOperation, NodeRule, SeenNodeAccess, SeenNodeRule } from '../model/node-access.ts';
import { nodeRuleMark, serviceRuleMark } from '../model/node-marks.ts';

export interface WantedNodeAccess {
  readonly cluster: Uid;
  readonly name: GroupName;
  readonly rules: readonly NodeRule[];
  /** Whether it is known what every balancer needs. What Services need always is. */
  readonly complete: boolean;
}

/**
 * The cluster's security group: made with the first balancer or Service that needs a way to the nodes, gone with the last; rules of
 * others are never touched.
 */
export function diffNodeAccess(wanted: WantedNodeAccess, seen: SeenNodeAccess): readonly NodeOperation[] {
  if (wanted.rules.length === 0) return wanted.complete ? leave(seen) : surplusRules(wanted, seen);
  const { group } = seen;
  const id = group?.id ?? 'created';
  const attached = group?.id;
  return [
    ...(group === undefined
      ? [
          {
            kind: 'createGroup',
            name: wanted.name,
            description: nodeRuleMark(wanted.cluster),
            why: 'this cluster needs a way to its nodes',
          } as const,
        ]
      : []),
    ...wanted.rules.flatMap((rule) => ruleOperations(rule, { ...wanted, group: id, seen })),
    ...seen.ports
      .filter((port) => port.portSecurity && !(attached !== undefined && port.securityGroupIds.includes(attached)))
      .map(
        (port): NodeOperation => ({
          kind: 'attachGroup',
          group: id,
          port,
          why: `node ${port.node} is reached by node ports`,
        }),
      ),
    ...surplusRules(wanted, seen),
  ];
}

/** Neutron takes two rules that differ in their description for one: that of a Service which is gone makes room first. */
function ruleOperations(
  rule: NodeRule,
  of: Pick<WantedNodeAccess, 'cluster'> & {
    readonly group: 'created' | SeenNodeRule['id'];
    readonly seen: SeenNodeAccess;
  },
): readonly NodeOperation[] {
  const there = of.seen.group?.rules.find((one) => text(one) === text(rule));
  if (there !== undefined && (!there.ours || there.service === rule.service)) return [];
  const { group, cluster } = of;
  const description = rule.service === undefined ? nodeRuleMark(cluster) : serviceRuleMark(cluster, rule.service);
  const who = rule.service === undefined ? 'balancers reach nodes' : `clients reach port ${rule.min}`;
  const why = `${who} from ${rule.cidr}`;
  return [
    ...(there === undefined
      ? []
      : [{ kind: 'deleteNodeRule', id: there.id, why: 'its port belongs to another Service now' } as const]),
    { kind: 'createNodeRule', group, rule, description, why },
  ];
}

function surplusRules({ complete, rules }: WantedNodeAccess, { group }: SeenNodeAccess): readonly NodeOperation[] {
  const should = new Set(rules.map(text));
  return (group?.rules ?? [])
    .filter((rule) => rule.ours && !should.has(text(rule)) && (complete || rule.service !== undefined))
    .map(({ id, service }) => ({
      kind: 'deleteNodeRule',
      id,
      why: service === undefined ? 'no balancer comes from there any more' : 'no Service asks for it any more',
    }));
}

/**
 * With the last balancer and Service everything goes, also from machines whose Node object went before: while there are balancers these
 * keep the group, because pools let go of their members one after the other, and a port closed earlier would lose requests.
 */
function leave({ group, ports, former }: SeenNodeAccess): readonly NodeOperation[] {
  if (group === undefined) return [];
  const why = 'nothing in this cluster needs a way to its nodes any more';
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
