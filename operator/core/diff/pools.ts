import type { MemberBody } from '../model/body.ts';
import type { CloudId } from '../model/brand.ts';
import type { Key } from '../model/key.ts';
import type { Operation } from '../model/plan.ts';
import type { SeenMonitor, SeenPool } from '../model/seen.ts';
import { sameTags } from '../model/tags.ts';
import type { WantedMember, WantedMonitor, WantedPool, WantedTree } from '../model/wanted.ts';
import { refTo } from './refs.ts';
import { differing, sameTexts } from './same.ts';
import { type SeenIndex, unitOf } from './seen-index.ts';

/** `leaveInTurn`: policies that are deleted late in the plan. */
export function diffPools(
  wanted: WantedTree,
  index: SeenIndex,
  leaveInTurn: ReadonlySet<CloudId>,
): readonly Operation[] {
  const frozen = new Set(wanted.frozen);
  const gone = unwantedPools(wanted, index);
  const pointed = pointedPools(wanted, index, leaveInTurn);
  return [
    ...[...gone, ...index.doubles.pools].map((pool) => remove(pool, pointed)),
    ...wanted.pools.filter((pool) => !frozen.has(pool.key)).flatMap((pool) => bring(pool, index)),
    ...wanted.frozenMembers.flatMap(({ pool, members }) => frozenPool(pool, members, index)),
  ];
}

function unwantedPools(wanted: WantedTree, index: SeenIndex): readonly SeenPool[] {
  const stay = new Set<Key>([...wanted.pools.map((pool) => pool.key), ...wanted.frozen]);
  return [...index.pools.values()].filter(({ tags }) => tags !== undefined && !stay.has(tags.key));
}

function bring(wanted: WantedPool, index: SeenIndex): readonly Operation[] {
  const seen = index.pools.get(wanted.key);
  const unit = unitOf(wanted.tags);
  if (seen === undefined) {
    const create: Operation = { kind: 'createPool', pool: wanted, why: 'there is none', unit };
    return wanted.members.length === 0
      ? [create]
      : [
          create,
          { kind: 'replaceMembers', pool: { key: wanted.key }, members: wanted.members, why: 'the pool is new', unit },
        ];
  }
  const changes = differing(wanted, seen, ['name', 'description', 'algorithm', 'persistence']);
  const tags = sameTags(wanted.tags, seen.tags) ? [] : ['tags'];
  const all = [...changes, ...tags];
  const update: readonly Operation[] =
    all.length === 0
      ? []
      : [{ kind: 'updatePool', id: seen.id, pool: wanted, why: `differs in ${all.join(', ')}`, unit }];
  return [...diffMembers(seen, wanted.members, unit), ...update];
}

function frozenPool(key: Key, members: readonly WantedMember[], index: SeenIndex): readonly Operation[] {
  const seen = index.pools.get(key);
  return seen === undefined ? [] : diffMembers(seen, members, unitOf(seen.tags));
}

/** Members are matched by value. One batch PUT says the whole set, so that a change of many costs one cycle. */
function diffMembers(seen: SeenPool, members: readonly WantedMember[], unit: Operation['unit']): readonly Operation[] {
  const is = seen.members.map(memberText).toSorted();
  const should = members.map(memberText).toSorted();
  const named = seen.membersKnown && sameTexts(is, should);
  if (named && !anyTouched(seen, members)) return [];
  const why = seen.membersKnown
    ? 'its members differ'
    : 'the status tree does not show it, so its members are not known';
  return [{ kind: 'replaceMembers', pool: { id: seen.id }, members, why, unit }];
}

/** Members whose names are as they should be: whether another hand changed what a name stands for. */
function anyTouched(seen: SeenPool, members: readonly WantedMember[]): boolean {
  const forms = new Map(seen.members.map((member) => [memberText(member), member.form]));
  return members.some((wanted) => {
    const form = forms.get(memberText(wanted));
    if (form === undefined) return false;
    return !form.enabled || differing(wanted, form, ['weight', 'backup', 'monitorPort']).length > 0;
  });
}

function memberText(member: MemberBody): string {
  return `${member.address} ${member.port} ${member.name}`;
}

/**
 * A listener or policy that stays may still point to it: then it is repointed first, or its port would answer nobody for a
 * while; one that leaves in its turn leaves first; and a pool that a policy points to cannot be deleted at all (409).
 */
function remove(pool: SeenPool, pointed: ReadonlySet<CloudId | undefined>): Operation {
  const after = pointed.has(pool.id) ? 'repointing' : 'deletes';
  return { kind: 'deletePool', id: pool.id, after, why: 'no rule uses it any more', unit: unitOf(pool.tags) };
}

/** What listeners and policies that stay, or stay for now, point to. */
function pointedPools(
  wanted: WantedTree,
  index: SeenIndex,
  leaveInTurn: ReadonlySet<CloudId>,
): ReadonlySet<CloudId | undefined> {
  const stays = new Set<Key>([...wanted.listeners, ...wanted.policies].map(({ key }) => key).concat(wanted.frozen));
  return new Set([
    ...[...index.listeners].flatMap(([key, { defaultPoolId }]) => (stays.has(key) ? [defaultPoolId] : [])),
    ...[...index.policies].flatMap(([key, { id, redirectPoolId }]) =>
      stays.has(key) || leaveInTurn.has(id) ? [redirectPoolId] : [],
    ),
  ]);
}

const monitorFields = ['name', 'delay', 'timeout', 'maxRetries', 'maxRetriesDown', 'http'] as const;

/** A monitor goes with its pool; one of another type cannot be changed in place. */
export function diffMonitors(wanted: WantedTree, index: SeenIndex): readonly Operation[] {
  const stay = new Set<Key>([...wanted.monitors.map((monitor) => monitor.key), ...wanted.frozen]);
  const goingPools = new Set(unwantedPools(wanted, index).map((pool) => pool.id));
  const gone = [...index.monitors.values()].filter(
    (monitor) => monitor.tags !== undefined && !stay.has(monitor.tags.key) && !goingPools.has(monitor.poolId),
  );
  const frozen = new Set(wanted.frozen);
  return [
    ...gone.map((monitor) => removeMonitor(monitor, 'no health monitor is asked for')),
    ...wanted.monitors.filter((monitor) => !frozen.has(monitor.key)).flatMap((monitor) => bringMonitor(monitor, index)),
  ];
}

function bringMonitor(wanted: WantedMonitor, index: SeenIndex): readonly Operation[] {
  const seen = index.monitors.get(wanted.key);
  const unit = unitOf(wanted.tags);
  const create: Operation = {
    kind: 'createMonitor',
    monitor: wanted,
    pool: refTo(wanted.pool, index),
    why: 'there is none',
    unit,
  };
  if (seen === undefined) return [create];
  if (seen.type !== wanted.type)
    return [removeMonitor(seen, 'its type changes'), { ...create, why: 'its type changes' }];
  const changes = differing(wanted, seen, monitorFields);
  const tags = sameTags(wanted.tags, seen.tags) ? [] : ['tags'];
  const all = [...changes, ...tags];
  return all.length === 0
    ? []
    : [{ kind: 'updateMonitor', id: seen.id, monitor: wanted, why: `differs in ${all.join(', ')}`, unit }];
}

function removeMonitor(monitor: SeenMonitor, why: string): Operation {
  return { kind: 'deleteMonitor', id: monitor.id, why, unit: unitOf(monitor.tags) };
}
