import type { Uid } from './brand.ts';

/** By what is ours in Neutron, around nodes, known for ours: rules and floating IPs have a description, and a crash leaves none without. */

export function nodeRuleMark(cluster: Uid): string {
  return `octopool cluster=${cluster}`;
}

/** Of a rule that lets the clients of one Service in. */
export function serviceRuleMark(cluster: Uid, service: Uid): string {
  return `${nodeRuleMark(cluster)} svc=${service}`;
}

/** Whose rule it is; undefined: not ours. */
export function readRuleMark(description: string, cluster: Uid): { readonly service: Uid | undefined } | undefined {
  const mark = nodeRuleMark(cluster);
  if (description === mark) return { service: undefined };
  const before = `${mark} svc=`;
  return description.startsWith(before) ? { service: description.slice(before.length) as Uid } : undefined;
}

export function nodeAddressMark(cluster: Uid, node: Uid): string {
  return `octopool/node-fip cluster=${cluster} node=${node}`;
}

/** For which node a floating IP was made; undefined: it is not ours. */
export function readAddressMark(description: string, cluster: Uid): Uid | undefined {
  const before = `octopool/node-fip cluster=${cluster} node=`;
  return description.startsWith(before) ? (description.slice(before.length) as Uid) : undefined;
}
