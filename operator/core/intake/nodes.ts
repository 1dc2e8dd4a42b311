import type { EligibleNode } from '../model/intents.ts';
import { selects } from '../model/label-selector.ts';
import type { NodeObject } from '../model/snapshot.ts';
import type { LabelSelector } from '../model/terms.ts';

/**
 * Nodes that can be members (api.md §5.4). Only when no node at all is Ready do the unready ones count: they may still
 * answer, and a pool without members never does.
 */
export function eligibleNodes(nodes: readonly NodeObject[]): readonly EligibleNode[] {
  const staying = nodes.filter((node) => !node.leaving && node.addresses.length > 0);
  const ready = staying.filter((node) => node.ready);
  return members(ready.length > 0 ? ready : staying);
}

/** Nodes that are there and no members (any more): what they still answer is drained, where a drain is asked for. */
export function leavingNodes(nodes: readonly NodeObject[]): readonly EligibleNode[] {
  const eligible = new Set(eligibleNodes(nodes).map((node) => node.uid));
  return members(nodes.filter((node) => !eligible.has(node.uid)));
}

function members(nodes: readonly NodeObject[]): readonly EligibleNode[] {
  return nodes
    .flatMap(({ name, uid, labels, addresses }) => {
      const address = addresses.find((one) => !one.includes(':')) ?? addresses[0];
      return address === undefined ? [] : [{ name, uid, labels, address }];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of the nodes that a selector admits, whatever their state. */
export function selectedNodes(nodes: readonly NodeObject[], selector: LabelSelector): ReadonlySet<string> {
  return new Set(nodes.filter(({ labels }) => selects(selector, labels)).map((node) => node.name));
}
