import type { Digest, Instant, Uid } from '../model/brand.ts';
import { type Key, l4ListenerKey, policyKey, readKey } from '../model/key.ts';
import type { Seen } from '../model/seen.ts';
import type { Unit } from '../model/verdict.ts';

/** What the cloud itself testifies: its tags survive the loss of every status. */
export interface Evidence {
  /** When the unit's object was claimed; undefined: it is not programmed. */
  programmed(unit: Unit): Instant | undefined;
  /** Whether anything of a rule is programmed; of a whole source with rule undefined. */
  anyOf(owner: Uid, rule: string | undefined): boolean;
  /** L4 ports that objects of an owner stand on. */
  portsOf(owner: Uid): readonly { readonly port: number; readonly protocol: 'TCP'; readonly since: Instant }[];
  /** The owner of a programmed L4 listener on a port. */
  ownerOfPort(port: number): Uid | undefined;
}

export function evidence({ seen, digest }: { readonly seen: Seen; readonly digest: Digest }): Evidence {
  const policies = new Map<Key, Instant>();
  const listeners = new Map<Key, { readonly owner: Uid; readonly since: Instant; readonly port: number }>();
  const rules = new Set<string>();
  for (const { tags } of [...seen.policies, ...seen.listeners, ...seen.pools]) {
    const parts = tags === undefined ? undefined : readKey(tags.key);
    if (tags === undefined || parts === undefined) continue;
    const since = tags.claimed ?? (0 as Instant);
    if (parts.kind === 'policy') policies.set(tags.key, since);
    if (parts.kind === 'policy' || parts.kind === 'pool') note(rules, parts.owner, parts.rule);
    if (parts.kind === 'l4Listener' && tags.owner !== undefined) {
      listeners.set(tags.key, { owner: tags.owner, since, port: parts.port });
      note(rules, tags.owner, 'l4');
    }
  }
  return {
    programmed: (unit) => {
      if (unit.kind === 'http') return policies.get(policyKey({ ...unit, index: 0 }, digest));
      const there = listeners.get(l4ListenerKey(unit.protocol, unit.port));
      return there?.owner === unit.owner ? there.since : undefined;
    },
    anyOf: (owner, rule) => rules.has(`${owner} ${rule ?? '*'}`),
    portsOf: (owner) =>
      [...listeners.values()]
        .filter((one) => one.owner === owner)
        .map(({ port, since }) => ({ port, protocol: 'TCP', since })),
    ownerOfPort: (port) => listeners.get(l4ListenerKey('TCP', port))?.owner,
  };
}

function note(rules: Set<string>, owner: Uid, rule: string): void {
  rules.add(`${owner} ${rule}`);
  rules.add(`${owner} *`);
}
