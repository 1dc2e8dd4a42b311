import type { Digest, Instant, Uid } from '../model/brand.ts';
import type { Intents, OwnTargets } from '../model/intents.ts';
import { defaultRule, type Key, policyUnit, portRules, readKey } from '../model/key.ts';
import type { FormReader } from '../model/member-name.ts';
import type { Seen, SeenMember, SeenPool } from '../model/seen.ts';
import type { Ownership } from '../model/tags.ts';
import type { Claims } from '../model/verdict.ts';
import type { WantedMember } from '../model/wanted.ts';
import { canAnswer, drainingMembers, isDraining, keptMember, memberText, type StandingInput } from './drain.ts';
import { heldListeners } from './listeners.ts';
import { byAddress } from './members.ts';

interface Input {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly now: Instant;
  readonly digest: Digest;
  readonly forms: FormReader;
}

/**
 * What a broken spec had programmed stays as it is seen, out of the plan. Only its members are still looked after: nodes
 * and Pods come and go, and a node port that no Service of the namespace has any more may be another tenant's tomorrow.
 */
export function frozenObjects(input: Input): {
  readonly frozen: readonly Key[];
  readonly frozenMembers: readonly { readonly pool: Key; readonly members: readonly WantedMember[] }[];
} {
  const { seen, intents, claims } = input;
  const evicted = new Set(claims.evicted);
  const rules = new Set([...frozenRules(input), ...frozenDefaults(input)]);
  const isFrozen = (owner: Uid, rule: string): boolean => rules.has(`${owner} *`) || rules.has(`${owner} ${rule}`);
  const keys = [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies]
    .flatMap(({ tags }) => (tags === undefined ? [] : [tags]))
    .filter((tags) => belongsToFrozen(tags, isFrozen))
    .map((tags) => tags.key)
    .filter((key) => !evicted.has(policyUnit(key)));
  const frozen = new Set(keys);
  const owners = new Map(
    intents.routes.map(({ source, switches, own }) => [source.uid, { own, paused: switches.paused }]),
  );
  const frozenMembers = seen.pools.flatMap((pool) => {
    const { key, owner = '' as Uid } = pool.tags ?? {};
    // for what is paused nothing is written at all, members included
    if (key === undefined || !frozen.has(key) || !pool.membersKnown || owners.get(owner)?.paused === true) return [];
    const own = owner === intents.balancer.uid ? intents.balancer.own : owners.get(owner)?.own;
    return [{ pool: key, members: own === undefined ? [] : membersStillOwn(pool, own, input) }];
  });
  return { frozen: [...frozen].toSorted(), frozenMembers };
}

function frozenRules({ claims }: Input): readonly string[] {
  return claims.frozen.map((entry) => `${entry.owner} ${entry.rule ?? '*'}`);
}

/** A default backend that cannot be resolved keeps its pool, and so does a listener that is held where it is. */
function frozenDefaults({ intents, claims, seen }: Input): readonly string[] {
  const { uid, defaultBackends } = intents.balancer;
  const broken = defaultBackends.filter(({ problem }) => problem !== undefined);
  return [...broken, ...heldListeners({ intents, seen }), ...claims.refusedListeners].map(
    ({ listener }) => `${uid} ${defaultRule(listener)}`,
  );
}

function belongsToFrozen(tags: Ownership, isFrozen: (owner: Uid, rule: string) => boolean): boolean {
  const parts = readKey(tags.key);
  if (parts === undefined) return false;
  switch (parts.kind) {
    case 'lb':
    case 'httpListener':
      return false;
    case 'l4Listener':
      return portRules(parts).some((rule) => tags.owner !== undefined && isFrozen(tags.owner, rule));
    case 'pool':
    case 'monitor':
    case 'policy':
      return isFrozen(parts.owner, parts.rule);
  }
}

/** Long enough for a request, where the spec that would say how long cannot be read. */
const drainOfUnread = 30_000;

function membersStillOwn(pool: SeenPool, own: OwnTargets, input: Input): readonly WantedMember[] {
  const { balancer } = input.intents;
  const drainTimeout = balancer.spec.defaults.drainTimeout ?? drainOfUnread;
  const standing: StandingInput = { ...input, balancer, own, drainTimeout };
  const answers = canAnswer(standing, balancer.nodes);
  const leaves = (member: SeenMember): boolean => isDraining(member) || own.pods.get(memberText(member)) === 'Draining';
  const stay = pool.members
    .filter((member) => answers(member) && !leaves(member))
    .map((member) => keptMember(member, standing));
  return [...stay, ...drainingMembers(pool.members, stay, standing)].toSorted(byAddress);
}
