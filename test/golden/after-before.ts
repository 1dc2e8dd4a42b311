import { isDeepStrictEqual } from 'node:util';
import type { Instant, IpAddress } from '../../operator/core/model/brand.ts';
import type { BalancerStatus, Report, RouteStatus } from '../../operator/core/model/report.ts';
import type { BalancerObject, RouteObject, Snapshot } from '../../operator/core/model/snapshot.ts';

/** `now` as it is after `before` was brought up and told: statuses stand on what was there, and a changed spec is a new generation. */
export function afterBefore(now: Snapshot, before: Snapshot, told: Report | undefined): Snapshot {
  const statuses = new Map((told?.routes ?? []).map(({ uid, status }) => [uid, status]));
  const olds = new Map(before.routes.map((route) => [route.meta.uid, route]));
  return {
    ...now,
    balancer: balancerAfter(now.balancer, before.balancer, told?.balancer),
    routes: now.routes.map((route) => routeAfter(route, olds.get(route.meta.uid), statuses.get(route.meta.uid))),
  };
}

function balancerAfter(
  now: BalancerObject | undefined,
  before: BalancerObject | undefined,
  status: BalancerStatus | undefined,
): BalancerObject | undefined {
  if (now === undefined || before === undefined || status === undefined) return now;
  const vip = status.addresses.find(({ type }) => type === 'VIP')?.value;
  return {
    ...now,
    meta: { ...now.meta, generation: generationAfter(now, before) },
    status: {
      loadBalancerID: status.loadBalancerID,
      address: status.address,
      vipAddress: vip as IpAddress | undefined,
      conditions: status.conditions,
      raw: status,
    },
  };
}

function routeAfter(now: RouteObject, before: RouteObject | undefined, status: RouteStatus | undefined): RouteObject {
  if (before === undefined || status === undefined) return now;
  return {
    ...now,
    meta: { ...now.meta, generation: generationAfter(now, before) },
    status: {
      claims: status.claims.map((claim) => ({ ...claim, since: Date.parse(claim.since) as Instant })),
      address: status.address,
      conditions: status.conditions,
      raw: status,
    },
  };
}

function generationAfter(
  { meta, spec }: Pick<RouteObject | BalancerObject, 'meta' | 'spec'>,
  before: Pick<RouteObject | BalancerObject, 'spec'>,
): number {
  return isDeepStrictEqual(spec, before.spec) ? meta.generation : meta.generation + 1;
}
