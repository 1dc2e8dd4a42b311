import type { Uid } from '../model/brand.ts';
import type { Intents, RouteIntent } from '../model/intents.ts';
import { type Key, readKey } from '../model/key.ts';
import type { Seen, SeenPool } from '../model/seen.ts';
import type { Ownership } from '../model/tags.ts';
import type { Claims } from '../model/verdict.ts';
import type { WantedMember } from '../model/wanted.ts';
import { keptMember } from './members.ts';

interface Input {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
}

/**
 * What a broken spec had programmed stays as it is seen, out of the plan. Only its members are still looked after: nodes
 * come and go, and a node port that no Service of the namespace has any more may be another tenant's tomorrow.
 */
export function frozenObjects(input: Input): {
  readonly frozen: readonly Key[];
  readonly frozenMembers: readonly { readonly pool: Key; readonly members: readonly WantedMember[] }[];
} {
  const { claims, seen } = input;
  const rules = new Set(claims.frozen.map((entry) => `${entry.owner} ${entry.rule ?? '*'}`));
  const isFrozen = (owner: Uid, rule: string): boolean => rules.has(`${owner} *`) || rules.has(`${owner} ${rule}`);
  const keys = [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies]
    .flatMap(({ tags }) => (tags === undefined ? [] : [tags]))
    .filter((tags) => belongsToFrozen(tags, isFrozen))
    .map((tags) => tags.key)
    .filter((key) => !claims.evicted.some((beginning) => key.startsWith(beginning)));
  const frozen = new Set(keys);
  const routes = new Map(input.intents.routes.map((route) => [route.source.uid, route]));
  const frozenMembers = seen.pools.flatMap((pool) => {
    const key = pool.tags?.key;
    if (key === undefined || !frozen.has(key) || !pool.membersKnown) return [];
    return [{ pool: key, members: membersStillOwn(pool, routes.get(pool.tags?.owner ?? ('' as Uid)), input) }];
  });
  return { frozen: [...frozen].toSorted(), frozenMembers };
}

function belongsToFrozen(tags: Ownership, isFrozen: (owner: Uid, rule: string) => boolean): boolean {
  const parts = readKey(tags.key);
  if (parts === undefined) return false;
  switch (parts.kind) {
    case 'lb':
    case 'httpListener':
      return false;
    case 'l4Listener':
      return tags.owner !== undefined && isFrozen(tags.owner, 'l4');
    case 'pool':
    case 'monitor':
    case 'policy':
      return isFrozen(parts.owner, parts.rule);
  }
}

function membersStillOwn(
  pool: SeenPool,
  route: RouteIntent | undefined,
  { intents, seen }: Input,
): readonly WantedMember[] {
  const ports = route?.ownNodePorts ?? new Set<number>();
  const nodes = new Set(intents.balancer.nodes.map((node) => node.address));
  const stay = pool.members.filter(
    (member) => ports.has(member.port) && (nodes.size === 0 || nodes.has(member.address)),
  );
  return stay
    .map((member) => keptMember(member, seen.resolved.memberSubnetId))
    .toSorted((a, b) => (a.address === b.address ? a.port - b.port : a.address < b.address ? -1 : 1));
}
