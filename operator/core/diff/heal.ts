import type { Operation } from '../model/plan.ts';
import type { SeenPolicy, SeenPool } from '../model/seen.ts';
import { isSuspended } from '../model/suspended.ts';
import type { WantedTree } from '../model/wanted.ts';
import { rulesInDoubt } from './policy-rules.ts';
import { refTo } from './refs.ts';
import { type SeenIndex, unitOf } from './seen-index.ts';

/**
 * What is right by its record but was not carried out: under an ACTIVE balancer a child that stays PENDING_CREATE was never
 * programmed (an Octavia that lost the children of a full create), one in ERROR was refused by a machine. Told once more, by a PUT
 * of what it is already, it is programmed.
 */
export function heal(wanted: WantedTree, index: SeenIndex, planned: readonly Operation[]): readonly Operation[] {
  if (index.seen.loadBalancer?.provisioningStatus !== 'ACTIVE') return [];
  const touched = new Set(planned.flatMap((operation) => ('id' in operation ? [operation.id as string] : [])));
  const replaced = new Set(planned.flatMap(replacedPool));
  const sick = (object: { readonly id: string; readonly provisioningStatus: string } | undefined): boolean =>
    object !== undefined && isSick(object.provisioningStatus) && !touched.has(object.id);
  return [
    ...wanted.pools.flatMap((pool) => healPool(pool, index.pools.get(pool.key), { sick, replaced })),
    ...wanted.monitors.flatMap((monitor): readonly Operation[] => {
      const seen = index.monitors.get(monitor.key);
      if (seen === undefined || !sick(seen)) return [];
      return [{ kind: 'updateMonitor', id: seen.id, monitor, ...cause(seen, unitOf(monitor.tags)) }];
    }),
    ...wanted.listeners.flatMap((listener): readonly Operation[] => {
      const seen = index.listeners.get(listener.key);
      if (seen === undefined || !sick(seen)) return [];
      const defaultPool = listener.defaultPool === undefined ? undefined : refTo(listener.defaultPool, index);
      return [{ kind: 'updateListener', id: seen.id, listener, defaultPool, ...cause(seen, unitOf(listener.tags)) }];
    }),
    ...wanted.policies.flatMap((policy) => healPolicy(policy, index.policies.get(policy.key), { sick, index })),
    ...wanted.policies.flatMap(({ key }) => healRules(index.policies.get(key))),
  ];
}

/** The pool whose members the plan says already. */
function replacedPool(operation: Operation): readonly string[] {
  return operation.kind === 'replaceMembers' && 'id' in operation.pool ? [operation.pool.id] : [];
}

type Sick = (object: { readonly id: string; readonly provisioningStatus: string } | undefined) => boolean;

function healPool(
  pool: WantedTree['pools'][number],
  seen: SeenPool | undefined,
  { sick, replaced }: { readonly sick: Sick; readonly replaced: ReadonlySet<string> },
): readonly Operation[] {
  if (seen === undefined) return [];
  const unit = unitOf(pool.tags);
  const members = seen.members.find((member) => isSick(member.provisioningStatus));
  return [
    ...(sick(seen) ? [{ kind: 'updatePool', id: seen.id, pool, ...cause(seen, unit) } as const] : []),
    ...(members === undefined || replaced.has(seen.id)
      ? []
      : [{ kind: 'replaceMembers', pool: { id: seen.id }, members: pool.members, ...cause(members, unit) } as const]),
  ];
}

function healPolicy(
  policy: WantedTree['policies'][number],
  seen: SeenPolicy | undefined,
  { sick, index }: { readonly sick: Sick; readonly index: SeenIndex },
): readonly Operation[] {
  // its tag must go on telling that its rules differ
  if (seen === undefined || !sick(seen) || rulesInDoubt(policy, seen)) return [];
  const pool = policy.action.type === 'Forward' ? refTo(policy.action.pool, index) : undefined;
  return [
    {
      kind: 'updatePolicy',
      id: seen.id,
      policy,
      pool,
      position: undefined,
      after: 'pools',
      ...cause(seen, unitOf(policy.tags)),
    },
  ];
}

/** Its rules show what became of a policy that was just made; a policy over rules in ERROR reads ACTIVE. */
function healRules(policy: SeenPolicy | undefined): readonly Operation[] {
  if (policy === undefined || isSuspended(policy)) return [];
  const itself = { id: policy.id };
  return (policy.rules ?? [])
    .filter((rule) => isSick(rule.provisioningStatus))
    .map((rule) => ({ kind: 'updateRule', policy: itself, id: rule.id, rule, ...cause(rule, unitOf(policy.tags)) }));
}

function isSick(status: string): boolean {
  return status === 'PENDING_CREATE' || status === 'PENDING_UPDATE' || status === 'ERROR';
}

function cause(
  { provisioningStatus }: { readonly provisioningStatus: string },
  unit: Operation['unit'],
): { readonly heals: true; readonly why: string; readonly unit: Operation['unit'] } {
  return { heals: true, why: `it is ${provisioningStatus} under an ACTIVE balancer: it is told once more`, unit };
}
