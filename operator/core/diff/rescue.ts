import type { Instant } from '../model/brand.ts';
import type { Operation } from '../model/plan.ts';
import type { Seen } from '../model/seen.ts';

/** What a decision about a broken balancer leans on beside what is seen. */
export interface Circumstances {
  readonly now: Instant;
  /** sync.driftPolicy Repair, and no deletionProtection (or octopool.dev/allow-disruptive beside it). */
  readonly mayRemake: boolean;
  /** A failover was asked for in this ERROR already. */
  readonly failoverTried: boolean;
  /** Whether children in ERROR were told once more, and are in ERROR all the same. */
  readonly toldAgain: 'toldAgain' | 'notYet';
}

/** The cloud's own health manager may mend it meanwhile. */
const patienceMs = 10 * 60_000;
const remadeAtMostEveryMs = 60 * 60_000;

/**
 * A balancer that takes no writes any more: in ERROR, or without its VIP port. A failover where the credentials may ask for one; else it
 * is deleted, and the next pass, which finds none, makes it again on the port and address that it had.
 */
export function rescue(seen: Seen, circumstances: Circumstances): readonly Operation[] {
  const { loadBalancer } = seen;
  if (loadBalancer?.tags === undefined) return [];
  const { id } = loadBalancer;
  const { now } = circumstances;
  if (loadBalancer.provisioningStatus === 'ERROR') {
    if (now - (loadBalancer.updatedAt ?? now) < patienceMs) return [];
    if (!circumstances.failoverTried)
      return [{ kind: 'failoverLoadBalancer', id, why: 'in ERROR for ten minutes', unit: undefined }];
    return mayGo(seen, circumstances)
      ? [{ kind: 'deleteLoadBalancer', id, why: 'in ERROR: it is made again on its port', unit: undefined }]
      : [];
  }
  if (loadBalancer.provisioningStatus === 'ACTIVE' && seen.vipPort === undefined && mayGo(seen, circumstances))
    return [{ kind: 'deleteLoadBalancer', id, why: 'its VIP port is gone: it is made again', unit: undefined }];
  return [];
}

/** Nothing of others hangs on it, its address will not be lost with it, and it is not the last hour's remake. */
function mayGo(seen: Seen, { now, mayRemake }: Circumstances): boolean {
  const { loadBalancer, vipPort } = seen;
  if (!mayRemake || loadBalancer?.createdAt === undefined) return false;
  const strangers = [...seen.listeners, ...seen.pools, ...seen.monitors, ...seen.policies].some(
    (child) => child.tags === undefined,
  );
  const keepsAddress = vipPort === undefined || vipPort.outlives;
  return !strangers && keepsAddress && now - loadBalancer.createdAt >= remadeAtMostEveryMs;
}
