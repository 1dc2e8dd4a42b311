import type { EligibleNode } from '../model/intents.ts';
import type { NodeObject } from '../model/snapshot.ts';

/**
 * Nodes that can be members (api.md §5.4). Only when no node at all is Ready do the unready ones count: they may still
 * answer, and a pool without members never does.
 */
export function eligibleNodes(nodes: readonly NodeObject[]): readonly EligibleNode[] {
  const staying = nodes.filter((node) => !node.leaving && node.addresses.length > 0);
  const ready = staying.filter((node) => node.ready);
  return (ready.length > 0 ? ready : staying)
    .flatMap((node) => {
      const address = node.addresses.find((one) => !one.includes(':')) ?? node.addresses[0];
      return address === undefined ? [] : [{ name: node.name, uid: node.uid, address }];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
