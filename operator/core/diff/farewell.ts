import type { Operation } from '../model/plan.ts';
import type { Seen } from '../model/seen.ts';
import type { Farewell } from '../model/wanted.ts';
import { seenIndex, unitOf } from './seen-index.ts';

/** What is left to do until nothing of ours is left, or nothing of ours but what is to be kept. */
export function diffFarewell(farewell: Farewell, seen: Seen): readonly Operation[] {
  const why = 'the SharedBalancer is deleted';
  if (seen.loadBalancer !== undefined)
    return farewell.deletionPolicy === 'Delete' ? deleteTree(seen, why) : releaseTree(seen, why);
  const surplus = seen.surplus.map((id): Operation => ({ kind: 'deleteLoadBalancer', id, why, unit: undefined }));
  if (farewell.deletionPolicy === 'Retain') return surplus;
  return [...surplus, ...floatingIP(farewell, seen, why), ...vipPort(seen, why)];
}

/** The address and the port go in the same plan, after the balancer: a port in use cannot go. */
function deleteTree(seen: Seen, why: string): readonly Operation[] {
  const { loadBalancer } = seen;
  if (loadBalancer === undefined) return [];
  const strangers = [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies].some(
    (child) => child.tags === undefined,
  );
  if (strangers)
    return ownChildren(seen, 'the SharedBalancer is deleted; children of others stay, so the balancer stays');
  return [{ kind: 'deleteLoadBalancer', id: loadBalancer.id, why, unit: undefined }];
}

function releaseTree(seen: Seen, why: string): readonly Operation[] {
  const { loadBalancer } = seen;
  if (loadBalancer?.tags === undefined) return [];
  return [
    ...ownChildren(seen, why),
    {
      kind: 'releaseLoadBalancer',
      id: loadBalancer.id,
      why: `${why}; deletionPolicy Retain keeps the balancer`,
      unit: undefined,
    },
  ];
}

function ownChildren(seen: Seen, why: string): readonly Operation[] {
  const index = seenIndex(seen);
  const listeners = [...index.listeners.values()];
  const going = new Set(listeners.map((listener) => listener.id));
  const policies = [...index.policies.values()].filter((policy) => !going.has(policy.listenerId));
  return [
    ...policies.map(
      (policy): Operation => ({
        kind: 'deletePolicy',
        id: policy.id,
        after: 'nothing',
        why,
        unit: unitOf(policy.tags),
      }),
    ),
    ...listeners.map(
      (listener): Operation => ({ kind: 'deleteListener', id: listener.id, why, unit: unitOf(listener.tags) }),
    ),
    ...[...index.pools.values()].map(
      (pool): Operation => ({ kind: 'deletePool', id: pool.id, after: 'deletes', why, unit: unitOf(pool.tags) }),
    ),
  ];
}

function floatingIP(farewell: Farewell, seen: Seen, why: string): readonly Operation[] {
  const there = seen.floatingIP;
  if (there === undefined || !there.ours || farewell.floatingIP === 'Retain') return [];
  return [{ kind: 'deleteFloatingIP', id: there.id, why, unit: undefined }];
}

function vipPort(seen: Seen, why: string): readonly Operation[] {
  return seen.vipPort?.ours === true ? [{ kind: 'deleteVipPort', id: seen.vipPort.id, why, unit: undefined }] : [];
}
