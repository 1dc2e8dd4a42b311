import type { CloudId } from '../model/brand.ts';
import type { RuleBody } from '../model/body.ts';
import type { Key } from '../model/key.ts';
import type { Operation, Ref } from '../model/plan.ts';
import type { SeenPolicy } from '../model/seen.ts';
import { writeTags } from '../model/tags.ts';
import type { WantedPolicy, WantedTree } from '../model/wanted.ts';
import { refTo } from './refs.ts';
import { sameTexts } from './same.ts';
import { type SeenIndex, unitOf } from './seen-index.ts';
import { steadyPlaces } from './steady-places.ts';

export function diffPolicies(wanted: WantedTree, index: SeenIndex): readonly Operation[] {
  const frozen = new Set(wanted.frozen);
  const listeners = [...new Set(wanted.policies.map((policy) => policy.listener))];
  const broken = new Set(wanted.policies.filter((policy) => isBroken(policy, index)).map((policy) => policy.key));
  const stay = new Set<Key>([
    ...wanted.policies.map((policy) => policy.key).filter((key) => !broken.has(key)),
    ...frozen,
  ]);
  const gone = [...index.policies.values(), ...index.doubles.policies].filter((policy) =>
    isGone(policy, stay, index, wanted),
  );
  return [
    ...gone.map(remove),
    ...listeners.flatMap((listener) =>
      diffListenerPolicies({ listener, wanted, index, gone: new Set(gone.map((policy) => policy.id)) }),
    ),
  ];
}

function isGone(policy: SeenPolicy, stay: ReadonlySet<Key>, index: SeenIndex, wanted: WantedTree): boolean {
  if (policy.tags === undefined) return false;
  // a listener takes its policies with it
  const listener = index.keyOf(policy.listenerId);
  const listenerStays =
    listener !== undefined &&
    (wanted.frozen.includes(listener) || wanted.listeners.some((one) => one.key === listener));
  if (!listenerStays) return false;
  return !stay.has(policy.tags.key) || index.policies.get(policy.tags.key)?.id !== policy.id;
}

/** Lists show how many rules a policy has, not which. None: its creation was cut short. Another number, or other values: made again. */
function isBroken(wanted: WantedPolicy, index: SeenIndex): boolean {
  const seen = index.policies.get(wanted.key);
  if (seen === undefined || seen.ruleIds.length === 0) return false;
  if (seen.ruleIds.length !== wanted.rules.length) return true;
  return seen.rules !== undefined && !sameRules(wanted, seen.rules);
}

function sameRules(wanted: WantedPolicy, rules: readonly RuleBody[]): boolean {
  return sameTexts(wanted.rules.map(ruleText).toSorted(), rules.map(ruleText).toSorted());
}

function ruleText(rule: RuleBody): string {
  return [rule.type, rule.compareType, rule.key ?? '', rule.value, rule.invert].join(' ');
}

interface OneListener {
  readonly listener: Key;
  readonly wanted: WantedTree;
  readonly index: SeenIndex;
  readonly gone: ReadonlySet<CloudId>;
}

/** Octavia renumbers by itself: only the order counts, never the numbers. Places are followed through every write. */
function diffListenerPolicies({ listener, wanted, index, gone }: OneListener): readonly Operation[] {
  const seenListener = index.listeners.get(listener);
  const places: string[] = index.seen.policies
    .filter((policy) => policy.listenerId === seenListener?.id && !gone.has(policy.id))
    .map((policy) => policy.id);
  const ofListener = wanted.policies.filter(
    (policy) => policy.listener === listener && !wanted.frozen.includes(policy.key),
  );
  const there = (policy: WantedPolicy): SeenPolicy | undefined => {
    const seen = index.policies.get(policy.key);
    return seen === undefined || gone.has(seen.id) ? undefined : seen;
  };
  const steady = steadyPlaces(
    ofListener.flatMap((policy) => there(policy)?.id ?? []),
    places,
  );
  const operations: Operation[] = [];
  let previous: string | undefined;
  for (const policy of ofListener) {
    const seen = there(policy);
    const mark = seen?.id ?? policy.key;
    const moves = seen === undefined || !steady.has(seen.id);
    if (moves) movePlace(places, mark, previous);
    const position = moves ? places.indexOf(mark) + 1 : undefined;
    operations.push(
      ...(seen === undefined ? create(policy, position ?? 1, index) : bring({ wanted: policy, seen, position, index })),
    );
    previous = mark;
  }
  return operations;
}

function movePlace(places: string[], mark: string, previous: string | undefined): void {
  const old = places.indexOf(mark);
  if (old >= 0) places.splice(old, 1);
  places.splice(previous === undefined ? 0 : places.indexOf(previous) + 1, 0, mark);
}

function create(policy: WantedPolicy, position: number, index: SeenIndex): readonly Operation[] {
  const unit = unitOf(policy.tags);
  const why = 'there is none';
  const enabled = policy.rules.length > 1 ? 'afterItsRules' : 'atOnce';
  const itself: Ref = { key: policy.key };
  return [
    {
      kind: 'createPolicy',
      policy,
      listener: refTo(policy.listener, index),
      pool: poolOf(policy, index),
      position,
      enabled,
      why,
      unit,
    },
    ...policy.rules.map(
      (rule): Operation => ({ kind: 'createRule', policy: itself, rule, why: 'the policy is new', unit }),
    ),
    ...(enabled === 'afterItsRules'
      ? [{ kind: 'enablePolicy', policy: itself, why: 'all its rules are there', unit } as const]
      : []),
  ];
}

function bring(of: {
  readonly wanted: WantedPolicy;
  readonly seen: SeenPolicy;
  readonly position: number | undefined;
  readonly index: SeenIndex;
}): readonly Operation[] {
  const { wanted, seen, position, index } = of;
  const unit = unitOf(wanted.tags);
  const pool = poolOf(wanted, index);
  const changes = [
    ...(seen.name === wanted.name && seen.description === wanted.description ? [] : ['name']),
    ...actionChange(wanted, seen, pool),
    ...(seen.tags !== undefined && sameTexts(writeTags(wanted.tags), writeTags(seen.tags)) ? [] : ['tags']),
    ...(position === undefined ? [] : ['place']),
  ];
  const itself: Ref = { id: seen.id };
  const unfinished =
    seen.ruleIds.length === 0
      ? wanted.rules.map(
          (rule): Operation => ({ kind: 'createRule', policy: itself, rule, why: 'its creation was cut short', unit }),
        )
      : [];
  return [
    ...(changes.length === 0
      ? []
      : [
          {
            kind: 'updatePolicy',
            id: seen.id,
            policy: wanted,
            pool,
            position,
            why: `differs in ${changes.join(', ')}`,
            unit,
          } as const,
        ]),
    ...unfinished,
    ...(seen.enabled ? [] : [{ kind: 'enablePolicy', policy: itself, why: 'it is switched off', unit } as const]),
  ];
}

function poolOf({ action }: WantedPolicy, index: SeenIndex): Ref | undefined {
  return action.type === 'Forward' ? refTo(action.pool, index) : undefined;
}

function actionChange({ action }: WantedPolicy, seen: SeenPolicy, pool: Ref | undefined): readonly string[] {
  switch (action.type) {
    case 'Forward':
      if (seen.action !== 'REDIRECT_TO_POOL') return ['action'];
      return pool !== undefined && 'id' in pool && pool.id === seen.redirectPoolId ? [] : ['pool'];
    case 'Reject':
      return seen.action === 'REJECT' ? [] : ['action'];
    case 'Redirect': {
      const target = 'url' in action ? seen.redirectUrl === action.url : seen.redirectPrefix === action.prefix;
      const name = 'url' in action ? 'REDIRECT_TO_URL' : 'REDIRECT_PREFIX';
      if (seen.action !== name) return ['action'];
      return [...(target ? [] : ['target']), ...(seen.redirectCode === action.code ? [] : ['code'])];
    }
  }
}

function remove(policy: SeenPolicy): Operation {
  return { kind: 'deletePolicy', id: policy.id, why: 'no rule asks for it any more', unit: unitOf(policy.tags) };
}
