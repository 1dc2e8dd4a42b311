import type { Digest } from '../model/brand.ts';
import type { MemberBody } from '../model/body.ts';
import { cutMiddle } from '../model/display-name.ts';
import type { EligibleNode, Intents } from '../model/intents.ts';
import type { Key } from '../model/key.ts';
import type { Seen, SeenPool } from '../model/seen.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WantedMember } from '../model/wanted.ts';

export interface MembersInput {
  readonly pool: Key;
  /** Node ports of the backends. */
  readonly ports: readonly number[];
  readonly maxNodes: number | undefined;
  readonly nodes: readonly EligibleNode[];
  readonly seen: Seen;
  /** What the pool has now. */
  readonly there: SeenPool | undefined;
  readonly digest: Digest;
}

/** Every chosen node on every node port, each pair once: a repeated one wedges the pool for ever (Octavia's trap 5). */
export function wantedMembers(input: MembersInput): readonly WantedMember[] {
  if (input.nodes.length === 0) return keptMembers(input);
  const pairs = new Map<string, WantedMember>();
  for (const node of chooseNodes(input))
    for (const port of input.ports) pairs.set(`${node.address} ${port}`, member(node, port, input));
  return [...pairs.values()].toSorted(byAddress);
}

/** With no node fit to serve, the last members stay: an unready node may still answer, an empty pool never does. */
function keptMembers({ there, seen, ports }: MembersInput): readonly WantedMember[] {
  const own = new Set(ports);
  return (there?.members ?? [])
    .filter((kept) => own.has(kept.port))
    .map((kept) => keptMember(kept, seen.resolved.memberSubnetId))
    .toSorted(byAddress);
}

/** A member as it is seen, to stay so. */
export function keptMember({ name, address, port }: MemberBody, subnetId: WantedMember['subnetId']): WantedMember {
  return { name, address, port, weight: 1, backup: false, monitorPort: undefined, subnetId };
}

function member(node: EligibleNode, port: number, { seen, digest }: MembersInput): WantedMember {
  const weight = 1;
  const form = digest(`weight=${weight} role=active monitor=`).slice(0, 6);
  const name = `${cutMiddle(node.name, 248)}#${form}`;
  return {
    name,
    address: node.address,
    port,
    weight,
    backup: false,
    monitorPort: undefined,
    subnetId: seen.resolved.memberSubnetId,
  };
}

function byAddress(a: WantedMember, b: WantedMember): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return a.port - b.port;
}

/** Rendezvous hashing: each pool ranks all nodes by itself, so a node that comes or goes touches only the pools that rank it high. */
export function chooseNodes({
  pool,
  nodes,
  maxNodes,
  digest,
}: Pick<MembersInput, 'pool' | 'nodes' | 'maxNodes' | 'digest'>): readonly EligibleNode[] {
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

export function noReadyNodes(verdict: Verdict, { intents }: { readonly intents: Intents }): Verdict {
  if (intents.balancer.nodes.length > 0 || verdict.state !== 'Programmed') return verdict;
  return {
    ...verdict,
    state: 'Pending',
    problem: {
      reason: 'NoReadyNodes',
      message: 'No node is Ready and has an InternalIP, so there is nothing to send requests to. Make a node Ready.',
    },
  };
}
