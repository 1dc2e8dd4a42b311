import type { Uid } from '../model/brand.ts';
import type {
  AccessNode,
  NodeOperation,
  SeenNodeAccess,
  SeenNodeAddress,
  WantedNodeAddress,
} from '../model/node-access.ts';
import { nodeAddressMark } from '../model/node-marks.ts';

export interface AddressesToReach {
  readonly cluster: Uid;
  readonly all: readonly AccessNode[];
  readonly nodes: readonly WantedNodeAddress[];
  readonly room: number;
  readonly held: boolean;
}

/** Public addresses of nodes. One that its node does not need any more goes to the next node before it is given back: people may know it. */
export function diffNodeAddresses(wanted: AddressesToReach, seen: SeenNodeAccess): readonly NodeOperation[] {
  const ours = seen.addresses.filter(({ madeFor }) => madeFor !== undefined);
  const holders = new Map(wanted.nodes.map((on) => [on, ours.find(({ portId }) => portId === on.port.id)]));
  const placed = new Set([...holders.values()].map((address) => address?.id));
  const spare = ours.filter(({ id }) => !placed.has(id));
  const operations = [...holders].flatMap(([on, holder]): readonly NodeOperation[] => {
    const description = nodeAddressMark(wanted.cluster, on.node.uid);
    if (holder !== undefined && holder.madeFor === on.node.uid) return [];
    if (holder !== undefined)
      return [
        { kind: 'moveNodeAddress', id: holder.id, on, description, why: `node ${on.node.name} was registered anew` },
      ];
    const next = spare.shift();
    const why = `node ${on.node.name} is to have a public address`;
    return next === undefined
      ? [{ kind: 'createNodeAddress', on, description, why }]
      : [{ kind: 'moveNodeAddress', id: next.id, on, description, why }];
  });
  return [...operations, ...releases(wanted, seen, spare)];
}

/** An unready node may come back to an address that nobody else can use meanwhile. */
function releases(
  { all, room, held }: AddressesToReach,
  { ports }: SeenNodeAccess,
  spare: readonly SeenNodeAddress[],
): readonly NodeOperation[] {
  if (held) return [];
  const unready = new Set(all.filter(({ state }) => state === 'unready').map(({ name }) => name));
  const mayReturn = ({ portId }: SeenNodeAddress): boolean =>
    ports.some(({ id, node }) => id === portId && unready.has(node));
  const kept = new Set(spare.filter(mayReturn).slice(0, room));
  return spare
    .filter((address) => !kept.has(address))
    .map(({ id }) => ({ kind: 'deleteNodeAddress', id, why: 'no node is to have it' }));
}
