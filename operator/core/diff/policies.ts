import type { CloudId } from '../model/brand.ts';
import type { Key } from '../model/key.ts';
import type { Operation } from '../model/plan.ts';
import type { SeenPolicy } from '../model/seen.ts';
import type { WantedPolicy, WantedTree } from '../model/wanted.ts';
import { isTurning } from './action-turn.ts';
import { bringPolicy, createPolicy } from './bring-policy.ts';
import { inEffectOrder, type Pair } from './effect-order.ts';
import { inGroups, isOf } from './leaving-policies.ts';
import { culprits } from './poison.ts';
import { ruleChanges } from './policy-rules.ts';
import { PolicyPlaces } from './policy-places.ts';
import { type SeenIndex, unitOf } from './seen-index.ts';

export function diffPolicies(wanted: WantedTree, index: SeenIndex): readonly Operation[] {
  const leaving = leavingPolicies(wanted, index);
  const pairs = pairsOf(wanted, index, leaving);
  const { atOnce, inTurn } = inGroups(leaving, { pairs, covered: wanted.covered });
  const suspects = culprits(index.seen);
  const listeners = [...new Set(wanted.policies.map((policy) => policy.listener))];
  return [
    ...atOnce.map((policy) => remove(policy, 'nothing')),
    ...listeners.flatMap((listener) => {
      const own = pairs.filter(({ policy }) => policy.listener === listener);
      return bringListener({ listener, pairs: own, wanted, index, atOnce, inTurn, suspects });
    }),
  ];
}

function leavingPolicies(wanted: WantedTree, index: SeenIndex): readonly SeenPolicy[] {
  const stay = new Set<Key>([...wanted.policies.map((policy) => policy.key), ...wanted.frozen]);
  const empty = new Set(wanted.policies.flatMap((policy) => emptyAndOn(policy, index)));
  const listenersStay = new Set<Key>([...wanted.listeners.map((listener) => listener.key), ...wanted.frozen]);
  return [...index.policies.values(), ...index.doubles.policies].filter(
    (policy) => empty.has(policy.id) || isGone(policy, { stay, listenersStay, index }),
  );
}

function isGone(
  policy: SeenPolicy,
  {
    stay,
    listenersStay,
    index,
  }: { readonly stay: ReadonlySet<Key>; readonly listenersStay: ReadonlySet<Key>; readonly index: SeenIndex },
): boolean {
  if (policy.tags === undefined) return false;
  // a listener takes its policies with it
  const listener = index.keyOf(policy.listenerId);
  if (listener === undefined || !listenersStay.has(listener)) return false;
  return !stay.has(policy.tags.key) || index.policies.get(policy.tags.key)?.id !== policy.id;
}

/** Its first rule alone would match too much at once, and nothing is lost with it: made again, switched off. */
function emptyAndOn(wanted: WantedPolicy, index: SeenIndex): readonly CloudId[] {
  const seen = index.policies.get(wanted.key);
  return seen !== undefined && seen.enabled && seen.ruleIds.length === 0 && wanted.rules.length > 1 ? [seen.id] : [];
}

function pairsOf(wanted: WantedTree, index: SeenIndex, leaving: readonly SeenPolicy[]): readonly Pair[] {
  const frozen = new Set(wanted.frozen);
  const goes = new Set(leaving.map(({ id }) => id));
  return wanted.policies
    .filter((policy) => !frozen.has(policy.key))
    .map((policy): Pair => {
      const found = index.policies.get(policy.key);
      const seen = found === undefined || goes.has(found.id) ? undefined : found;
      return { policy, seen, changes: seen === undefined ? undefined : ruleChanges(policy, seen) };
    });
}

interface OneListener {
  readonly listener: Key;
  readonly pairs: readonly Pair[];
  readonly wanted: WantedTree;
  readonly index: SeenIndex;
  /** Policies that are gone before anything comes. */
  readonly atOnce: readonly SeenPolicy[];
  readonly inTurn: readonly SeenPolicy[];
  /** Policies that stopped every change of the balancer. */
  readonly suspects: ReadonlySet<string>;
}

function bringListener(of: OneListener): readonly Operation[] {
  const { listener, pairs, index, atOnce, inTurn, suspects } = of;
  const places = placesOf(of);
  const here = index.listeners.get(listener)?.id;
  const widens = atOnce.some(({ listenerId }) => listenerId === here) ? 'atOnce' : 'inTurn';
  return inEffectOrder({
    pairs: pairs.map((pair) => ({ ...pair, back: pair.seen !== undefined && places.movesBack(pair.seen.id) })),
    leaving: inTurn.filter((policy) => isOf(policy, listener)),
    bring: ({ policy, seen, changes }, when) =>
      seen === undefined
        ? createPolicy(policy, places.place(policy.key) ?? 1, index)
        : bringPolicy({
            wanted: policy,
            seen,
            changes,
            position: places.place(seen.id),
            when,
            widens,
            index,
            suspects,
          }),
    remove: (policy) => {
      places.leave(policy.id);
      return remove(policy, 'successor');
    },
  });
}

function placesOf({ listener, pairs, wanted, index, atOnce }: OneListener): PolicyPlaces {
  const gone = new Set(atOnce.map(({ id }) => id));
  const seenListener = index.listeners.get(listener);
  const there = index.seen.policies
    .filter((policy) => policy.listenerId === seenListener?.id && !gone.has(policy.id))
    .map((policy) => policy.id);
  const mark = (key: Key): CloudId | Key => {
    const seen = index.policies.get(key);
    return seen === undefined || gone.has(seen.id) ? key : seen.id;
  };
  const own = new Set(wanted.policies.filter((policy) => policy.listener === listener).map((policy) => policy.key));
  const frozen = new Set(wanted.frozen);
  const standing = new Set<CloudId | Key>(there);
  const order = wanted.policyOrder.filter((key) => own.has(key) || standing.has(mark(key))).map(mark);
  const fixed = wanted.policyOrder.filter((key) => frozen.has(key)).map(mark);
  const turning = pairs.filter(isTurning).flatMap(({ seen }) => seen?.id ?? []);
  return new PolicyPlaces(there, order, { fixed: new Set(fixed), turning: new Set(turning) });
}

function remove({ id, tags }: SeenPolicy, after: 'nothing' | 'successor'): Operation {
  return { kind: 'deletePolicy', id, after, why: 'no rule asks for it any more', unit: unitOf(tags) };
}
