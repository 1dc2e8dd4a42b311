import type { RuleBody } from '../model/body.ts';
import { policyNumber } from '../model/key.ts';
import type { SeenPolicy } from '../model/seen.ts';
import type { WantedPolicy } from '../model/wanted.ts';

/** A policy of a unit as it would be with a number; its name and hash go with it. */
export type Numbered = (number: number) => WantedPolicy;

/**
 * Which of the programmed policies of a unit each of its wanted ones becomes. One that is programmed just so keeps its number:
 * nothing is rewritten for a neighbour's sake. One is changed in place if it just gains rules or just loses some. From one set
 * of rules to another the way leads over both at once, or over neither: there it would match what belongs to it no more, or
 * not yet. So such a one comes under a number of its own, and the old one leaves in its turn.
 */
export function numbered(policies: readonly Numbered[], standing: readonly SeenPolicy[]): readonly WantedPolicy[] {
  const there = new Map(
    standing.flatMap((policy) => (policy.tags === undefined ? [] : [[policyNumber(policy.tags.key), policy] as const])),
  );
  const free = new Set([...there.keys()].toSorted((a, b) => a - b));
  const take = (fits: (number: number) => boolean): number | undefined => {
    const number = [...free].find(fits);
    if (number !== undefined) free.delete(number);
    return number;
  };
  const same = policies.map((policy) => take((one) => there.get(one)?.tags?.hash === policy(one).tags.hash));
  const inPlace = policies.map(
    (policy, at) => same[at] ?? take((one) => growsOrShrinks(policy(one).rules, there.get(one)?.rules)),
  );
  const taken = new Set(there.keys());
  return policies.map((policy, at) => policy(inPlace[at] ?? lowestFree(taken)));
}

/** Rules that are not known yet are read before anything is done to them; then it is decided. */
function growsOrShrinks(wanted: readonly RuleBody[], seen: readonly RuleBody[] | undefined): boolean {
  if (seen === undefined) return true;
  const [should, is] = [wanted.map(ruleText), seen.map(ruleText)];
  return should.every((rule) => is.includes(rule)) || is.every((rule) => should.includes(rule));
}

function lowestFree(taken: Set<number>): number {
  let number = 0;
  while (taken.has(number)) number += 1;
  taken.add(number);
  return number;
}

function ruleText({ type, compareType, key, value, invert }: RuleBody): string {
  return [type, compareType, key ?? '', value, invert].join(' ');
}
