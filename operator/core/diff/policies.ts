import type { CloudId } from '../model/brand.ts';
import type { Key } from '../model/key.ts';
import type { Operation, Ref } from '../model/plan.ts';
import type { SeenPolicy } from '../model/seen.ts';
import { sameTags } from '../model/tags.ts';
import type { WantedPolicy, WantedTree } from '../model/wanted.ts';
import { culprits } from './poison.ts';
import { type RuleChanges, ruleChanges, ruleOperations } from './policy-rules.ts';
import { PolicyPlaces } from './policy-places.ts';
import { refTo } from './refs.ts';
import { type SeenIndex, unitOf } from './seen-index.ts';

export function diffPolicies(wanted: WantedTree, index: SeenIndex): readonly Operation[] {
  const frozen = new Set(wanted.frozen);
  const stay = new Set<Key>([...wanted.policies.map((policy) => policy.key), ...frozen]);
  const empty = new Set(wanted.policies.flatMap((policy) => emptyAndOn(policy, index)));
  const listenersStay = new Set<Key>([...wanted.listeners.map((listener) => listener.key), ...frozen]);
  const gone = [...index.policies.values(), ...index.doubles.policies].filter(
    (policy) => empty.has(policy.id) || isGone(policy, { stay, listenersStay, index }),
  );
  const goneIds = new Set(gone.map((policy) => policy.id));
  const suspects = culprits(index.seen);
  const listeners = [...new Set(wanted.policies.map((policy) => policy.listener))];
  return [
    ...gone.map(remove),
    ...listeners.flatMap((listener) => diffListenerPolicies({ listener, wanted, index, gone: goneIds, suspects })),
  ];
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

interface OneListener {
  readonly listener: Key;
  readonly wanted: WantedTree;
  readonly index: SeenIndex;
  readonly gone: ReadonlySet<CloudId>;
  /** Policies that stopped every change of the balancer. */
  readonly suspects: ReadonlySet<string>;
}

/** A wanted policy and what there is of it. */
interface Pair {
  readonly policy: WantedPolicy;
  readonly seen: SeenPolicy | undefined;
  readonly changes: RuleChanges | undefined;
}

function diffListenerPolicies(of: OneListener): readonly Operation[] {
  const { listener, wanted, index, gone, suspects } = of;
  const frozen = new Set(wanted.frozen);
  const pairs = wanted.policies
    .filter((policy) => policy.listener === listener && !frozen.has(policy.key))
    .map((policy): Pair => {
      const found = index.policies.get(policy.key);
      const seen = found === undefined || gone.has(found.id) ? undefined : found;
      return { policy, seen, changes: seen === undefined ? undefined : ruleChanges(policy, seen) };
    });
  const places = placesOf(of);
  return inEffectOrder(pairs).flatMap(({ policy, seen, changes }) => {
    if (seen === undefined) return create(policy, places.place(policy.key) ?? 1, index);
    return bring({ wanted: policy, seen, changes, position: places.place(seen.id), index, suspects });
  });
}

function placesOf({ listener, wanted, index, gone }: Omit<OneListener, 'suspects'>): PolicyPlaces {
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
  return new PolicyPlaces(there, order, new Set(fixed));
}

/**
 * The order in which the writes of one listener go out. In place first, so that positions count from what is there. Then
 * forwards before redirects before rejections: a request that an earlier one excludes from a later one finds its policy there.
 */
function inEffectOrder(pairs: readonly Pair[]): readonly Pair[] {
  return pairs
    .map((pair) => ({ pair, rank: effectRank(pair) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ pair }) => pair);
}

function effectRank({ policy, seen, changes }: Pair): number {
  if (seen !== undefined && (changes?.missing.length ?? 0) === 0) return 0;
  const byClass = { Forward: 1, Redirect: 3, Reject: 5 }[policy.action.type];
  // a policy that is split is narrowed when its new halves are there
  return seen === undefined ? byClass : byClass + 1;
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
  readonly changes: RuleChanges | undefined;
  readonly position: number | undefined;
  readonly index: SeenIndex;
  readonly suspects: ReadonlySet<string>;
}): readonly Operation[] {
  const { wanted, seen, changes, position, index, suspects } = of;
  // its tag tells that its rules differ; it is brought in line when they have been read
  if (changes === undefined || isCulprit(wanted, seen, suspects)) return [];
  const unit = unitOf(wanted.tags);
  const pool = poolOf(wanted, index);
  const action = actionChange(wanted, seen, pool);
  const differences = [
    ...(seen.name === wanted.name && seen.description === wanted.description ? [] : ['name']),
    ...action,
    ...(sameButForSuspicion(wanted, seen) ? [] : ['tags']),
    ...(position === undefined ? [] : ['place']),
  ];
  const why = `differs in ${differences.join(', ')}`;
  const after = changes.missing.length === 0 ? 'pools' : 'newRules';
  const { creates, deletes } = ruleOperations({
    wanted,
    seen,
    changes,
    action: action.includes('action') ? 'changes' : 'stays',
  });
  return [
    ...creates,
    ...(differences.length === 0
      ? []
      : [{ kind: 'updatePolicy', id: seen.id, policy: wanted, pool, position, after, why, unit } as const]),
    ...deletes,
    ...(seen.enabled
      ? []
      : [{ kind: 'enablePolicy', policy: { id: seen.id }, why: 'it is switched off', unit } as const]),
  ];
}

/** It stopped every change of the balancer: it stays off until its owner makes another one of it. */
function isCulprit(wanted: WantedPolicy, seen: SeenPolicy, suspects: ReadonlySet<string>): boolean {
  return wanted.tags.hash === seen.tags?.hash && suspects.has(seen.id);
}

/** That it was suspected once is remembered for as long as it is the same policy. */
function sameButForSuspicion(wanted: WantedPolicy, { tags }: SeenPolicy): boolean {
  return sameTags(wanted.tags, tags?.suspected === undefined ? tags : { ...tags, suspected: undefined });
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
