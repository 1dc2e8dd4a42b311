import type { Uid } from '../model/brand.ts';
import type { GroupName, NodeAccessIntent, NodeRule } from '../model/node-access.ts';

/** The rules that let balancers reach node ports: one per source and protocol; none when no balancer is left. */
export function wantedNodeRules({ sources, portRange }: NodeAccessIntent): readonly NodeRule[] {
  return sources.map((source) => ({ ...source, ...portRange }));
}

export function nodeGroupName(cluster: Uid): GroupName {
  return `octopool-nodes-${cluster.slice(0, 8)}` as GroupName;
}

export function nodeRuleDescription(cluster: Uid): string {
  return `octopool cluster=${cluster}`;
}
