import type { Digest } from '../model/brand.ts';
import type { EligibleNode } from '../model/intents.ts';
import type { Key } from '../model/key.ts';

/** Rendezvous hashing: each pool ranks all nodes by itself, so a node that comes or goes touches only the pools that rank it high. */
export function chooseNodes(of: {
  readonly pool: Key;
  readonly nodes: readonly EligibleNode[];
  readonly maxNodes: number | undefined;
  readonly digest: Digest;
}): readonly EligibleNode[] {
  const { pool, nodes, maxNodes, digest } = of;
  if (maxNodes === undefined || nodes.length <= maxNodes) return nodes;
  const seed = number32(digest(pool));
  return nodes
    .map((node) => ({ node, score: mix(seed ^ number32(digest(node.uid))) }))
    .toSorted((a, b) => b.score - a.score || (a.node.uid < b.node.uid ? -1 : 1))
    .slice(0, maxNodes)
    .map((ranked) => ranked.node);
}

function number32(hex: string): number {
  return Number.parseInt(hex.slice(0, 8), 16);
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
