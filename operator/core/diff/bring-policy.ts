import type { Operation, Ref } from '../model/plan.ts';
import type { SeenPolicy } from '../model/seen.ts';
import { sameTags } from '../model/tags.ts';
import type { WantedPolicy } from '../model/wanted.ts';
import { type RuleChanges, ruleOperations } from './policy-rules.ts';
import { refTo } from './refs.ts';
import { type SeenIndex, unitOf } from './seen-index.ts';

/** The writes for one policy. */
export interface PolicyWrites {
  /** It comes, changes in place, matches less. */
  readonly first: readonly Operation[];
  /** It matches more. */
  readonly widens: readonly Operation[];
}

/** Before every policy of its listener that comes or changes its rules, or after some of them. */
export type When = 'atFirst' | 'inTurn';

export function createPolicy(policy: WantedPolicy, position: number, index: SeenIndex): PolicyWrites {
  const unit = unitOf(policy.tags);
  const why = 'there is none';
  const enabled = policy.rules.length > 1 ? 'afterItsRules' : 'atOnce';
  const itself: Ref = { key: policy.key };
  const first: readonly Operation[] = [
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
  return { first, widens: [] };
}

export function bringPolicy(of: {
  readonly wanted: WantedPolicy;
  readonly seen: SeenPolicy;
  readonly changes: RuleChanges | undefined;
  readonly position: number | undefined;
  readonly when: When;
  readonly widens: 'atOnce' | 'inTurn';
  readonly index: SeenIndex;
  readonly suspects: ReadonlySet<string>;
}): PolicyWrites {
  const { wanted, seen, changes, position, when, widens, index, suspects } = of;
  // its tag tells that its rules differ; it is brought in line when they have been read
  if (changes === undefined || isCulprit(wanted, seen, suspects)) return { first: [], widens: [] };
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
  const after = changes.missing.length === 0 && when === 'atFirst' ? 'pools' : 'newRules';
  const { creates, deletes } = ruleOperations({
    wanted,
    seen,
    changes,
    action: action.includes('action') ? 'changes' : 'stays',
    widens,
  });
  const first: readonly Operation[] = [
    ...creates,
    ...(differences.length === 0
      ? []
      : [{ kind: 'updatePolicy', id: seen.id, policy: wanted, pool, position, after, why, unit } as const]),
  ];
  if (seen.enabled) return { first, widens: deletes };
  const enable: Operation = { kind: 'enablePolicy', policy: { id: seen.id }, why: 'it is switched off', unit };
  return { first: [...first, ...deletes, enable], widens: [] };
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
