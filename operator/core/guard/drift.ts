import type { MemberBody } from '../model/body.ts';
import type { CloudId } from '../model/brand.ts';
import { type Key, policyUnit } from '../model/key.ts';
import type { Operation } from '../model/plan.ts';
import type { Seen } from '../model/seen.ts';
import type { Ownership } from '../model/tags.ts';

/**
 * Whether nothing was asked of a unit since it was last in effect: its object and the balancer both read Ready at the generation that
 * they have. undefined: the balancer's own objects.
 */
export type Calm = (unit: Operation['unit']) => boolean;

/**
 * Of a plan, what puts back that somebody else changed. An object that carries the hash of just what is wanted was written so by us:
 * if it differs all the same, another hand was at it. One that is missing tells nothing; then the calm of its owner decides.
 * Members are left out where others are wanted: they follow nodes and Pods, whose changes leave no trace on the pool. Those whose
 * names are as wanted and whose weight or role is not were changed by another hand.
 */
export function driftOf(operations: readonly Operation[], seen: Seen, calm: Calm): readonly Operation[] {
  if (seen.loadBalancer === undefined) return [];
  const hashes = new Map(
    [seen.loadBalancer, ...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies].map(
      ({ id, tags }) => [id as string, tags?.hash] as const,
    ),
  );
  const remade = new Set(
    operations.flatMap((operation) => (operation.kind === 'createPolicy' ? [operation.policy.key] : [])),
  );
  const rehashed = new Set(
    operations.flatMap((operation) =>
      operation.kind === 'updatePolicy' && hashes.get(operation.id) !== operation.policy.tags.hash
        ? [operation.id as string]
        : [],
    ),
  );
  const keys = new Map(seen.policies.map(({ id, tags }) => [id as string, tags?.key]));
  const isSplit = splits(seen);
  const byKey = new Map(
    [...seen.listeners, ...seen.monitors].flatMap(({ tags }) =>
      tags === undefined ? [] : [[tags.key, tags.hash] as const],
    ),
  );
  const members = new Map(seen.pools.map((pool) => [pool.id, namesOf(pool.members)] as const));
  const drift = new Set(
    operations.filter((operation) =>
      isDrift({ operation, hashes, rehashed, remade, keys, byKey, isSplit, members, calm }),
    ),
  );
  // a policy moves because others come and go; only where nothing else happens another hand moved it
  const others = operations.filter((operation) => !drift.has(operation) || !moves(operation));
  const onlyDrift = others.every((operation) => drift.has(operation));
  return operations.filter((operation) => drift.has(operation) && (onlyDrift || !moves(operation)));
}

function moves(operation: Operation): boolean {
  return operation.kind === 'updatePolicy' && operation.position !== undefined;
}

interface Question {
  readonly operation: Operation;
  readonly hashes: ReadonlyMap<string, string | undefined>;
  /** Policies that are to be another than they were written: because of others' rules, their owner may be calm. */
  readonly rehashed: ReadonlySet<string>;
  /** Policies that are made anew. */
  readonly remade: ReadonlySet<Key>;
  /** Keys of the policies that there are, by id. */
  readonly keys: ReadonlyMap<string, Key | undefined>;
  /** Hashes of listeners and monitors that stand. */
  readonly byKey: ReadonlyMap<Key, string | undefined>;
  /** Names of the members that there are, by the pool's id. */
  readonly members: ReadonlyMap<CloudId, string>;
  readonly isSplit: (key: Key) => boolean;
  readonly calm: Calm;
}

function namesOf(members: readonly MemberBody[]): string {
  return members
    .map(({ name, address, port }) => `${address} ${port} ${name}`)
    .toSorted()
    .join('\n');
}

function isDrift({ operation, hashes, rehashed, remade, keys, byKey, isSplit, members, calm }: Question): boolean {
  if (operation.heals === true) return false;
  // it stands in another form, as it was once wanted: a Service may have changed what it has to be
  const askedOtherwise = ({ key, hash }: Ownership): boolean => byKey.has(key) && byKey.get(key) !== hash;
  const asWritten = (id: string, tags: Ownership): boolean => tags.hash !== undefined && hashes.get(id) === tags.hash;
  switch (operation.kind) {
    case 'updateLoadBalancer':
      return asWritten(operation.id, operation.loadBalancer.tags);
    case 'updateListener':
      return asWritten(operation.id, operation.listener.tags);
    case 'updatePool':
      return asWritten(operation.id, operation.pool.tags);
    case 'updateMonitor':
      return asWritten(operation.id, operation.monitor.tags);
    case 'updatePolicy':
      // its place among others is not its own: their coming and going moves it
      return operation.position === undefined && asWritten(operation.id, operation.policy.tags);
    case 'createListener':
      return calm(operation.unit) && !askedOtherwise(operation.listener.tags);
    case 'createMonitor':
      return calm(operation.unit) && !askedOtherwise(operation.monitor.tags);
    case 'createPool':
      return calm(operation.unit);
    case 'createPolicy':
      return !isSplit(operation.policy.key) && calm(operation.unit);
    case 'createRule':
    case 'deleteRule':
    case 'enablePolicy':
      return (
        !('id' in operation.policy ? rehashed.has(operation.policy.id) : isSplit(operation.policy.key)) &&
        calm(operation.unit)
      );
    case 'deletePolicy': {
      const key = keys.get(operation.id);
      return key !== undefined && remade.has(key) && calm(operation.unit);
    }
    case 'replaceMembers':
      // the members of a pool that is put back; else those that are something else than their names say
      if ('key' in operation.pool) return calm(operation.unit);
      return members.get(operation.pool.id) === namesOf(operation.members);
    default:
      return false;
  }
}

/** Whether a policy is one more beside others of the same match: others' rules may have made it necessary. */
function splits({ policies }: Seen): (key: Key) => boolean {
  const standing = policies.flatMap(({ tags }) => tags?.key ?? []);
  const byUnit = Map.groupBy(standing, policyUnit);
  return (key) => (byUnit.get(policyUnit(key)) ?? []).some((other) => other !== key);
}
