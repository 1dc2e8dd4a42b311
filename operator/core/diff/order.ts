import type { Operation } from '../model/plan.ts';

type Kind = Operation['kind'];

/**
 * The order of writes, a reason per row. Octavia is serial per balancer, so the order is also the order of effects. Of several new pools each
 * then moves to what points to it (with-their-pools.ts), for which the reasons of the rows between hold as well.
 */
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
  { kinds: ['suspendPolicy'], reason: 'until the culprit is off, no other change is carried out' },
  {
    kinds: ['deleteRule'],
    reason:
      'a redirect takes back what it left to a more specific rule before that one goes: no request is without an answer. Where none goes at once, it waits for its turn below',
  },
  { kinds: ['deletePolicy'], reason: 'nothing refers to a policy; deletes free quota and never wait for a create' },
  { kinds: ['deleteMonitor'], reason: 'a pool has one monitor: the old type leaves before the new one comes' },
  { kinds: ['deleteListener'], reason: 'frees its port before another listener asks for it' },
  { kinds: ['deletePool'], reason: 'nothing that stays points to it' },
  { kinds: ['createPool'], reason: 'a pool must be there before anything points to it' },
  { kinds: ['createMonitor'], reason: 'members are watched before requests reach them' },
  { kinds: ['createListener'], reason: 'its pool is ready' },
  { kinds: ['updateListener', 'updatePolicy'], reason: 'points to pools that are ready by now' },
  {
    kinds: ['createPolicy', 'createRule', 'updateRule', 'enablePolicy'],
    reason:
      'last: only now do requests come. A live policy is changed here too when it gets rules: new rules, then its action, then old rules go, so that it never matches more than before or than wanted (diff/policy-rules.ts). One whose rule gets another one goes here, when that one serves (diff/effect-order.ts)',
  },
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
  if (operation.kind === 'updatePolicy' && operation.after === 'newRules') return rankOfKind('createRule');
  if (operation.kind === 'deleteRule' && operation.after === 'update') return rankOfKind('createRule');
  if (operation.kind === 'deletePolicy' && operation.after === 'successor') return rankOfKind('createRule');
  if (operation.kind === 'deletePool' && operation.after === 'repointing') return after('createPolicy');
  return rankOfKind(operation.kind);
}

function after(kind: Kind): number {
  return rankOfKind(kind) + 0.5;
}

function rankOfKind(kind: Kind): number {
  return rank.get(kind) ?? rows.length;
}

/** The table for people. */
export function orderTable(): typeof rows {
  return rows;
}
