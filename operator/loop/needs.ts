import type { Uid } from '../core/model/brand.ts';

/**
 * What each balancer needs of the nodes, as its last pass found it. Lost with the process, and that is fine: until every
 * balancer has spoken again nothing is taken away.
 */
export class Needs {
  readonly #cidrs = new Map<Uid, string>();

  /** Whether this was news. */
  say(balancer: Uid, cidr: string | undefined): boolean {
    if (cidr === undefined) return false;
    const before = this.#cidrs.get(balancer);
    this.#cidrs.set(balancer, cidr);
    return before !== cidr;
  }

  /** Of the balancers that there are. `complete`: all of them have spoken. */
  of(balancers: readonly Uid[]): { readonly sources: readonly string[]; readonly complete: boolean } {
    for (const uid of this.#cidrs.keys()) if (!balancers.includes(uid)) this.#cidrs.delete(uid);
    const known = balancers.flatMap((uid) => this.#cidrs.get(uid) ?? []);
    return { sources: [...new Set(known)].toSorted(), complete: known.length === balancers.length };
  }
}
