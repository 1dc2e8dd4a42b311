import { familyOf } from '../model/address-family.ts';
import type { Digest } from '../model/brand.ts';
import type { AccessNode, NodeAccessIntent, SeenNodeAccess, WantedNodeAddress } from '../model/node-access.ts';

export interface WantedAddresses {
  /** Nodes that are to have an address of ours. */
  readonly nodes: readonly WantedNodeAddress[];
  /** How many addresses may besides stay with nodes that are unready: they may come back. */
  readonly room: number;
  /** Somebody's wish cannot be read, or is paused: no address is taken away. */
  readonly held: boolean;
}

/**
 * Which nodes get a public address. As many as the Service that asks for most, because they share them; addresses that people gave to
 * nodes count. Nodes that have one keep it, the others are ranked by their UIDs: one that comes moves nobody's address.
 */
export function wantedNodeAddresses(intent: NodeAccessIntent, seen: SeenNodeAccess, digest: Digest): WantedAddresses {
  if (intent.floatingIPs === 'off') return { nodes: [], room: 0, held: false };
  const asked = intent.services.flatMap(({ addresses }) => (addresses === 'held' ? [] : addresses));
  const candidates = bearers(intent, seen);
  const given = new Set(seen.addresses.flatMap(({ madeFor, portId }) => (madeFor === undefined ? (portId ?? []) : [])));
  const ours = new Set(seen.addresses.flatMap(({ madeFor, portId }) => (madeFor === undefined ? [] : (portId ?? []))));
  const free = candidates.filter(({ port }) => !given.has(port.id));
  const count = Math.max(0, Math.max(0, ...asked) - (candidates.length - free.length));
  const rank = new Map(free.map(({ node }) => [node.uid, digest(`node-fip ${node.uid}`)]));
  const nodes = free
    .toSorted(
      (a, b) =>
        Number(ours.has(b.port.id)) - Number(ours.has(a.port.id)) ||
        ((rank.get(a.node.uid) ?? '') < (rank.get(b.node.uid) ?? '') ? -1 : 1),
    )
    .slice(0, count);
  const held = intent.services.some(({ addresses }) => addresses === 'held');
  return { nodes, room: count - nodes.length, held };
}

/** Ready nodes with a port and an IPv4 address on it; when none is Ready, the unready ones: what they have is not worth moving. */
function bearers({ nodes }: NodeAccessIntent, seen: SeenNodeAccess): readonly WantedNodeAddress[] {
  const all = nodes.filter(({ state }) => state !== 'leaving').flatMap((node) => bearer(node, seen) ?? []);
  const ready = all.filter(({ node }) => node.state === 'ready');
  return ready.length > 0 ? ready : all;
}

function bearer(node: AccessNode, { ports }: SeenNodeAccess): WantedNodeAddress | undefined {
  const port = ports.find((one) => one.node === node.name);
  const inside = port?.subnets.find(({ address }) => familyOf(address) === 'IPv4' && node.addresses.includes(address));
  return port === undefined || inside === undefined ? undefined : { node, port, inside };
}
