import { familyOf } from '../model/address-family.ts';
import type { AccessNode, NodePortIntent, SeenNodeAccess } from '../model/node-access.ts';
import { addressesAnnotation, sourcesAnnotation } from '../model/node-port-service.ts';
import type { Problem } from '../model/reason.ts';

/** Where the node ports of Services are, besides which port it is. */
export interface Reach {
  /** Addresses of Ready nodes, inside their network. */
  readonly inside: readonly string[];
  /** Floating IPs of Ready nodes. */
  readonly outside: readonly string[];
  /** Ready nodes whose Neutron port lets everything through. */
  readonly unguarded: readonly string[];
}

/** Longest list in a message: it has 1 KiB. */
const mostListed = 8;

export function reachOf(nodes: readonly AccessNode[], { ports, addresses }: SeenNodeAccess): Reach {
  const ready = new Map(nodes.filter(({ state }) => state === 'ready').map((node) => [node.name, node]));
  const found = ports.filter(({ node }) => ready.has(node));
  const ids = new Set(found.map(({ id }) => id));
  const inside = found.flatMap(({ node, subnets }) =>
    subnets.flatMap(({ address }) => (ready.get(node)?.addresses.includes(address) === true ? [address] : [])),
  );
  const fours = inside.filter((address) => familyOf(address) === 'IPv4');
  return {
    inside: fours.length > 0 ? fours : inside,
    outside: addresses
      .filter(({ portId }) => portId !== undefined && ids.has(portId))
      .map(({ address }) => address)
      .toSorted(byNumber),
    unguarded: found.filter(({ portSecurity }) => !portSecurity).map(({ node }) => node),
  };
}

/** What a client has to know: which port, where, and from where. */
export function reachedMessage(service: NodePortIntent, { inside, outside }: Reach): string {
  const from =
    typeof service.sources === 'object'
      ? ` from ${listed(service.sources)}`
      : `, as far as other security groups let in (${sourcesAnnotation} is not set)`;
  const { addresses } = service;
  const fewer =
    addresses !== 'held' && addresses > outside.length
      ? `. ${addresses} addresses are asked for; no other Ready node can have one`
      : '';
  return `${portsOf(service)} on ${outside.join(', ')} (floating IPs)${from}; inside the network on ${ranges(inside)}${fewer}`;
}

export function noPublicAddress(service: NodePortIntent, { inside }: Reach): Problem {
  const open = service.sources === undefined ? 'is' : 'is open';
  const have = inside.length === 1 ? 'has' : 'have';
  return {
    reason: 'NoPublicAddress',
    message: `${portsOf(service)} ${open} on ${ranges(inside)}, which ${have} no public address; ask for ${addressesAnnotation}, add a floating IP, or use a SharedBalancer`,
  };
}

/** `tcp 30080, udp 30053` */
export function portsOf({ ports }: NodePortIntent): string {
  return ports.map(({ protocol, nodePort }) => `${protocol} ${nodePort}`).join(', ');
}

/** Sorted, and neighbours drawn together: `10.0.0.11-13, 10.0.1.5`. */
export function ranges(addresses: readonly string[]): string {
  const runs: { readonly first: string; last: number }[] = [];
  for (const address of [...new Set(addresses)].toSorted(byNumber)) {
    const run = runs.at(-1);
    const [net, host] = split(address);
    if (run !== undefined && familyOf(address) === 'IPv4' && split(run.first)[0] === net && run.last === host - 1)
      run.last = host;
    else runs.push({ first: address, last: host });
  }
  return listed(runs.map(({ first, last }) => (Object.is(last, split(first)[1]) ? first : `${first}-${last}`)));
}

/** `a, b and 3 more` */
export function listed(all: readonly string[]): string {
  const more = all.length - mostListed;
  return more > 0 ? `${all.slice(0, mostListed).join(', ')} and ${more} more` : all.join(', ');
}

/** Network and last part of an IPv4 address; an IPv6 address stands for itself. */
function split(address: string): readonly [string, number] {
  const at = address.lastIndexOf('.');
  return at < 0 ? [address, Number.NaN] : [address.slice(0, at), Number(address.slice(at + 1))];
}

function byNumber(a: string, b: string): number {
  return padded(a) < padded(b) ? -1 : 1;
}

function padded(address: string): string {
  return address.replaceAll(/\d+/g, (digits) => digits.padStart(3, '0'));
}
