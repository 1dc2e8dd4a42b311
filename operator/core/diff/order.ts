import type { Operation } from '../model/plan.ts';

type Kind = Operation['kind'];

/** The order of writes, a reason per row. Octavia is serial per balancer, so the order is also the order of effects. */
const rows: readonly { readonly kinds: readonly Kind[]; readonly reason: string }[] = [
  { kinds: ['createVipPort'], reason: 'an address of our own outlives every balancer that is put on it' },
  { kinds: ['createLoadBalancer'], reason: 'everything known goes in one call' },
  {
    kinds: ['deleteFloatingIP', 'detachFloatingIP'],
    reason: 'a port carries one floating IP: the old one leaves first',
  },
  {
    kinds: ['createFloatingIP', 'attachFloatingIP'],
    reason: 'after the balancer was accepted, so that a refused one costs no address',
  },
  { kinds: ['failoverLoadBalancer'], reason: 'a balancer in ERROR takes no other write' },
  { kinds: ['updateLoadBalancer'], reason: 'in place: frees nothing, needs nothing' },
  { kinds: ['replaceMembers'], reason: 'a node that is gone must leave before anything slow happens' },
  { kinds: ['updatePool', 'updateMonitor'], reason: 'in place: frees nothing, needs nothing' },
  {
    kinds: ['deleteRule', 'deletePolicy'],
    reason: 'nothing refers to a policy; deletes free quota and never wait for a create',
  },
  { kinds: ['deleteMonitor'], reason: 'a pool has one monitor: the old type leaves before the new one comes' },
  { kinds: ['deleteListener'], reason: 'frees its port before another listener asks for it' },
  { kinds: ['deletePool'], reason: 'nothing that stays points to it' },
  { kinds: ['createPool'], reason: 'a pool must be there before anything points to it' },
  { kinds: ['createMonitor'], reason: 'members are watched before requests reach them' },
  { kinds: ['createListener'], reason: 'its pool is ready' },
  { kinds: ['updateListener', 'updatePolicy'], reason: 'points to pools that are ready by now' },
  { kinds: ['createPolicy', 'createRule', 'enablePolicy'], reason: 'last: only now do requests come' },
  { kinds: ['releaseLoadBalancer', 'deleteLoadBalancer'], reason: 'its children of ours are gone' },
  { kinds: ['deleteVipPort'], reason: 'a port in use cannot go' },
];

/** A policy, its rules and its switch share a row: they keep the order in which the diff made them. */
const rank = new Map<Kind, number>(rows.flatMap((row, at) => row.kinds.map((kind) => [kind, at] as const)));

/** Stable: within a row the operations keep the order in which the diff made them. */
export function inOrder(operations: readonly Operation[]): readonly Operation[] {
  return operations.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(operation: Operation): number {
  // the members of a new pool come right after it, before its monitor
  if (operation.kind === 'replaceMembers' && 'key' in operation.pool) return after('createPool');
  if (operation.kind === 'deletePool' && operation.after === 'repointing') return after('updateListener');
  return rank.get(operation.kind) ?? rows.length;
}

function after(kind: Kind): number {
  return (rank.get(kind) ?? rows.length) + 0.5;
}

/** The table for people. */
export function orderTable(): typeof rows {
  return rows;
}
