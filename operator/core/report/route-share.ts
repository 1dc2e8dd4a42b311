import type { Uid } from '../model/brand.ts';
import { readKey } from '../model/key.ts';
import type { Seen } from '../model/seen.ts';
import type { Ownership } from '../model/tags.ts';
import type { PassResult } from './pass-result.ts';

/**
 * What of a pass concerns one route: its own, and what is the whole balancer's. Every route is told by looking at its share alone, so
 * ten thousand routes cost ten thousand looks.
 */
export function routeShares(result: PassResult): (owner: Uid) => PassResult {
  const { claims, plan, done, seen, intents } = result;
  const routes = shares(intents?.routes ?? [], ({ source }) => source.uid);
  const verdicts = shares(result.verdicts, (verdict) => verdict.owner);
  const held = shares(claims?.held ?? [], ({ unit }) => unit.owner);
  const told = shares(claims?.claims ?? [], (claim) => claim.owner);
  const operations = shares(plan?.operations ?? [], ({ unit }) => unit?.owner);
  const refused = shares(done?.refused ?? [], ({ operation }) => operation.unit?.owner);
  const children = seen === undefined ? undefined : seenShares(seen);
  // what another hand changed hinders no route
  const withheld = (plan?.withheld ?? []).filter(({ problem }) => problem.reason !== 'Drifted');
  return (owner) => ({
    ...result,
    intents: intents === undefined ? undefined : { ...intents, routes: routes(owner) },
    verdicts: verdicts(owner),
    claims: claims === undefined ? undefined : { ...claims, held: held(owner), claims: told(owner) },
    plan: plan === undefined ? undefined : { ...plan, operations: operations(owner), withheld },
    done: done === undefined ? undefined : { ...done, refused: refused(owner) },
    seen: children?.(owner),
  });
}

/** Whom an object of ours serves; undefined: all. */
export function servedBy({ key, owner }: Ownership): Uid | undefined {
  const parts = readKey(key);
  return parts !== undefined && 'owner' in parts ? parts.owner : owner;
}

function seenShares(seen: Seen): (owner: Uid) => Seen {
  const [listeners, pools] = [childShares(seen.listeners), childShares(seen.pools)];
  const [monitors, policies] = [childShares(seen.monitors), childShares(seen.policies)];
  return (owner) => ({
    ...seen,
    listeners: listeners(owner),
    pools: pools(owner),
    monitors: monitors(owner),
    policies: policies(owner),
  });
}

function childShares<Child extends { readonly tags: Ownership | undefined }>(
  children: readonly Child[],
): (owner: Uid) => readonly Child[] {
  const ours = children.filter(({ tags }) => tags !== undefined);
  return shares(ours, ({ tags }) => (tags === undefined ? undefined : servedBy(tags)));
}

/** By owner, together with what has none, in the order given. */
function shares<Item>(
  items: readonly Item[],
  ownerOf: (item: Item) => Uid | undefined,
): (owner: Uid) => readonly Item[] {
  const groups = Map.groupBy(items.entries(), ([, item]) => ownerOf(item));
  const common = groups.get(undefined) ?? [];
  return (owner) => [...common, ...(groups.get(owner) ?? [])].toSorted(([a], [b]) => a - b).map(([, item]) => item);
}
