import { cutMiddle, displayName } from '../model/display-name.ts';
import { shownHostname } from '../model/hostname.ts';
import { httpListenerKey, type Key, policyKey, poolKey, policyNumber } from '../model/key.ts';
import { bodyHash } from '../model/tags.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WantedAction, WantedPolicy } from '../model/wanted.ts';
import { type Atom, policyRules } from './atoms.ts';
import { serve, type ServedUnit } from './l7-limit.ts';
import { type L7Input, type L7Unit, l7Units, type WantedUnit } from './l7-units.ts';
import { comparePrecedence } from './precedence.ts';
import { numbered } from './policy-numbers.ts';
import { shadowed } from './shadowed.ts';

/** What listeners serve by hostname. */
export interface WantedL7 {
  /** In the order of their evaluation. */
  readonly policies: readonly WantedPolicy[];
  /** The keys of those, and of what stands for held rules between them, in the order of their evaluation. */
  readonly policyOrder: readonly Key[];
  /** The keys that the first policies of units would have whose requests more specific ones take, all of them. */
  readonly covered: readonly Key[];
  /** Units that are not served. */
  readonly refused: readonly WantedUnit[];
  /** Rules of which what is programmed stays, although something else is asked for. */
  readonly held: readonly Pick<Verdict, 'owner' | 'rule'>[];
  /** Rules of which a held one takes requests. */
  readonly shadowed: readonly Pick<Verdict, 'owner' | 'rule'>[];
}

/** A policy for every (listener, hostname, match) that is held; several where others must be excluded from it. */
export function wantedL7(input: L7Input): WantedL7 {
  const all = l7Units(input);
  const { units, standing, refused, held } = serve(all);
  const placed = [
    ...units.flatMap((served) => placedPolicies(served, input)),
    ...standing.flatMap((unit) => unit.keys.map((key): Placed => ({ unit, key, policy: undefined }))),
  ].toSorted(byEvaluation);
  return {
    policies: placed.flatMap(({ policy }) => policy ?? []),
    policyOrder: placed.map(({ key }) => key),
    covered: units
      .filter(({ policies }) => policies.length === 0)
      .map(({ unit: { unit } }) => policyKey({ ...unit, index: 0 }, input.digest)),
    refused,
    held,
    shadowed: shadowed(
      units.map(({ unit }) => unit),
      all.filter((unit) => unit.kind === 'standing'),
    ),
  };
}

interface Placed {
  readonly unit: L7Unit;
  readonly key: Key;
  readonly policy: WantedPolicy | undefined;
}

/** Classes one after the other, as HAProxy takes them; inside a class by precedence. */
function byEvaluation(a: Placed, b: Placed): number {
  if (a.unit.listener !== b.unit.listener) return a.unit.listener < b.unit.listener ? -1 : 1;
  return a.unit.class - b.unit.class || comparePrecedence(a.unit, b.unit) || policyNumber(a.key) - policyNumber(b.key);
}

function placedPolicies({ unit, policies }: ServedUnit, input: L7Input): readonly Placed[] {
  const all = policies.map(
    (atoms) =>
      (number: number): WantedPolicy =>
        wantedPolicy(unit, { atoms, number }, input),
  );
  return numbered(all, unit.standing).map((policy) => ({ unit, key: policy.key, policy }));
}

function wantedPolicy(
  { unit, route, action, claimed }: WantedUnit,
  { atoms, number }: { readonly atoms: readonly Atom[]; readonly number: number },
  { intents, digest }: L7Input,
): WantedPolicy {
  const { cluster, uid } = intents.balancer;
  const { kind, namespace, name } = route.source;
  const key = policyKey({ ...unit, index: number }, digest);
  const body = {
    name: displayName(`${namespace}/${name}/${unit.rule}`, key, digest),
    description: cutMiddle(`${kind} ${namespace}/${name} rule ${unit.rule} host ${shownHostname(unit.hostname)}`, 255),
    listener: httpListenerKey(unit.listener),
    action: wantedAction(action, unit),
    rules: policyRules(atoms),
  };
  return {
    ...body,
    key,
    tags: { cluster, balancer: uid, key, owner: unit.owner, claimed, hash: bodyHash(body, digest) },
  };
}

function wantedAction(action: WantedUnit['action'], { owner, rule }: WantedUnit['unit']): WantedAction {
  return action.type === 'Forward' ? { type: 'Forward', pool: poolKey(owner, rule, action.pool.protocol) } : action;
}
