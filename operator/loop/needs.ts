import { familyOf } from '../core/model/address-family.ts';
import type { Uid } from '../core/model/brand.ts';
import type { NodeSource } from '../core/model/node-access.ts';
import type { Seen } from '../core/model/seen.ts';
import type { WantedTree } from '../core/model/wanted.ts';

/**
 * What each balancer needs of the nodes, as its last pass found it. Lost with the process, and that is fine: until every
 * balancer has spoken again nothing is taken away.
 */
export class Needs {
  readonly #needs = new Map<Uid, readonly NodeSource[]>();

  /** Whether this was news. */
  say(balancer: Uid, need: readonly NodeSource[]): boolean {
    if (need.length === 0) return false;
    const before = this.#needs.get(balancer);
    this.#needs.set(balancer, need);
    return texts(before ?? []).join() !== texts(need).join();
  }

  /** Another process led meanwhile, and balancers may have said other things to it: all of them have to speak again. */
  forget(): void {
    this.#needs.clear();
  }

  /** Of the balancers that there are. `complete`: all of them have spoken. */
  of(balancers: readonly Uid[]): { readonly sources: readonly NodeSource[]; readonly complete: boolean } {
    for (const uid of this.#needs.keys()) if (!balancers.includes(uid)) this.#needs.delete(uid);
    const known = balancers.flatMap((uid) => this.#needs.get(uid) ?? []);
    const distinct = new Map(known.map((source) => [text(source), source]));
    const sources = [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
    return { sources, complete: balancers.every((uid) => this.#needs.has(uid)) };
  }
}

/**
 * TCP always, for most of what there is uses it; the others where a listener of theirs is wanted, and ICMP where a monitor sends nothing
 * else: one that is wanted, or that stands still because it is held.
 */
export function nodeNeed(
  { listeners, monitors }: Pick<WantedTree, 'listeners' | 'monitors'>,
  { resolved, monitors: standing }: Pick<Seen, 'resolved' | 'monitors'>,
): readonly NodeSource[] {
  const cidr = resolved.memberCidr;
  if (cidr === undefined) return [];
  const used = new Set(listeners.map(({ protocol }) => protocol));
  const protocols = (['tcp', 'udp', 'sctp'] as const).filter(
    (protocol) => protocol === 'tcp' || used.has(protocol === 'udp' ? 'UDP' : 'SCTP'),
  );
  const pings = [...monitors, ...standing].some(({ type, tags }) => type === 'PING' && tags !== undefined);
  const ping = familyOf(cidr) === 'IPv6' ? 'ipv6-icmp' : 'icmp';
  return [...protocols, ...(pings ? ([ping] as const) : [])].map((protocol) => ({ protocol, cidr }));
}

function texts(sources: readonly NodeSource[]): readonly string[] {
  return sources.map(text);
}

function text({ protocol, cidr }: NodeSource): string {
  return `${protocol} ${cidr}`;
}
