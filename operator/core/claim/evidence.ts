import type { Digest, Instant, Uid } from '../model/brand.ts';
import { type Key, l4ListenerKey, policyKey, policyUnit, portRules, readKey } from '../model/key.ts';
import type { Seen } from '../model/seen.ts';
import type { Ownership } from '../model/tags.ts';
import type { L4Protocol } from '../model/terms.ts';
import type { Unit } from '../model/verdict.ts';

/** What the cloud itself testifies: its tags survive the loss of every status. */
export interface Evidence {
  /** When the unit's object was claimed; undefined: it is not programmed. */
  programmed(unit: Unit): Instant | undefined;
  /** Whether anything of a rule is programmed; of a whole source with rule undefined. */
  anyOf(owner: Uid, rule: string | undefined): boolean;
  /** The L4 ports that an owner stands on. */
  portsOf(owner: Uid): readonly StandingPort[];
  /** Whether policies of a rule (of a source) stand that none of its units explains: an earlier spec made them. */
  leftOver(owner: Uid, rule: string | undefined, units: readonly Unit[]): boolean;
}

export interface StandingPort {
  readonly protocol: L4Protocol;
  readonly port: number;
  readonly since: Instant;
}

/** Tags of an object that has no `claimed`: as old as can be. */
const ever = 0 as Instant;

export function evidence({ seen, digest }: { readonly seen: Seen; readonly digest: Digest }): Evidence {
  const tags = [...seen.policies, ...seen.listeners, ...seen.pools].flatMap((object) => object.tags ?? []);
  const policies = policiesByUnit(tags);
  const listeners = listenersByKey(tags);
  const byOwner = Map.groupBy(listeners.values(), ({ owner }) => owner);
  const policiesByOwner = Map.groupBy(policies, ([, { owner }]) => owner);
  const rules = new Set(tags.flatMap(ruleNames));
  return {
    programmed: (unit) => {
      if (unit.kind === 'http') return policies.get(unitKey(unit, digest))?.since;
      const there = listeners.get(l4ListenerKey(unit.protocol, unit.port));
      return there?.owner === unit.owner ? there.since : undefined;
    },
    anyOf: (owner, rule) => rules.has(`${owner} ${rule ?? '*'}`),
    portsOf: (owner) => byOwner.get(owner) ?? [],
    leftOver: (owner, rule, units) => {
      const explained = new Set(units.flatMap((unit) => (unit.kind === 'http' ? [unitKey(unit, digest)] : [])));
      return (policiesByOwner.get(owner) ?? []).some(
        ([key, one]) => (rule ?? one.rule) === one.rule && !explained.has(key),
      );
    },
  };
}

/** One match can need several policies, which differ in the last part of their key alone. */
export function unitKey(unit: Extract<Unit, { kind: 'http' }>, digest: Digest): string {
  return policyUnit(policyKey({ ...unit, index: 0 }, digest));
}

interface StandingPolicy {
  readonly since: Instant;
  readonly owner: Uid;
  readonly rule: string;
}

function policiesByUnit(tags: readonly Ownership[]): ReadonlyMap<string, StandingPolicy> {
  const policies = new Map<string, StandingPolicy>();
  for (const { key, claimed = ever } of tags) {
    const parts = readKey(key);
    if (parts?.kind !== 'policy') continue;
    const unit = policyUnit(key);
    const since = Math.min(claimed, policies.get(unit)?.since ?? claimed) as Instant;
    policies.set(unit, { since, owner: parts.owner, rule: parts.rule });
  }
  return policies;
}

function listenersByKey(tags: readonly Ownership[]): ReadonlyMap<Key, StandingPort & { readonly owner: Uid }> {
  const listeners = new Map<Key, StandingPort & { readonly owner: Uid }>();
  for (const { key, owner, claimed = ever } of tags) {
    const parts = readKey(key);
    if (parts?.kind !== 'l4Listener' || owner === undefined) continue;
    listeners.set(key, { owner, since: claimed, port: parts.port, protocol: parts.protocol });
  }
  return listeners;
}

/** `owner rule` of what an object serves, and `owner *`. */
function ruleNames({ key, owner }: Ownership): readonly string[] {
  const parts = readKey(key);
  switch (parts?.kind) {
    case 'policy':
    case 'pool':
      return [`${parts.owner} ${parts.rule}`, `${parts.owner} *`];
    case 'l4Listener':
      return owner === undefined ? [] : [...portRules(parts).map((rule) => `${owner} ${rule}`), `${owner} *`];
    default:
      return [];
  }
}
