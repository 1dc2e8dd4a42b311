import { type Key, type KeyParts, policyUnit, readKey } from '../model/key.ts';
import type { Seen, SeenPolicy } from '../model/seen.ts';

/** The policies of ours that are programmed, found by the unit they serve: their keys without the number. */
export interface SeenPolicies {
  readonly all: readonly {
    readonly key: Key;
    readonly parts: Extract<KeyParts, { kind: 'policy' }>;
    readonly policy: SeenPolicy;
  }[];
  /** By the key of any policy of the unit. */
  readonly ofUnit: (key: Key) => readonly SeenPolicy[];
}

export function seenPolicies({ policies }: Pick<Seen, 'policies'>): SeenPolicies {
  const all = policies.flatMap((policy) => {
    const key = policy.tags?.key;
    const parts = key === undefined ? undefined : readKey(key);
    return key === undefined || parts?.kind !== 'policy' ? [] : [{ key, parts, policy }];
  });
  const byUnit = new Map<string, SeenPolicy[]>();
  for (const { key, policy } of all) byUnit.set(policyUnit(key), [...(byUnit.get(policyUnit(key)) ?? []), policy]);
  return { all, ofUnit: (key) => byUnit.get(policyUnit(key)) ?? [] };
}
