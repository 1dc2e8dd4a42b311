import { isDeepStrictEqual } from 'node:util';
import type { Instant, IpAddress } from '../../operator/core/model/brand.ts';
import type { BalancerStatus, Report, RouteReport } from '../../operator/core/model/report.ts';
import type { BalancerObject, RouteObject, Snapshot } from '../../operator/core/model/snapshot.ts';

/** `now` as it is after `before` was brought up and told: statuses stand on what was there, and a changed spec is a new generation. */
export function afterBefore(now: Snapshot, before: Snapshot, told: Report | undefined): Snapshot {
  const statuses = new Map((told?.routes ?? []).map((answer) => [answer.uid, answer]));
  const olds = new Map(before.routes.map((route) => [route.meta.uid, route]));
  return {
    ...now,
    balancer: balancerAfter(now.balancer, before.balancer, told?.balancer),
    routes: now.routes.map((route) => routeAfter(route, olds.get(route.meta.uid), statuses.get(route.meta.uid))),
    subject: subjectAfter(now.subject, before.subject, statuses),
  };
}

/** A Service whose own key it is reads its own status back. */
function subjectAfter(
  now: Snapshot['subject'],
  before: Snapshot['subject'],
  statuses: ReadonlyMap<string, RouteReport>,
): Snapshot['subject'] {
  const after = now === undefined ? undefined : routeAfter(now, before, statuses.get(now.meta.uid));
  return after?.kind === 'Service' ? after : undefined;
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

function routeAfter(now: RouteObject, before: RouteObject | undefined, told: RouteReport | undefined): RouteObject {
  if (before === undefined || told === undefined) return now;
  const meta = { ...now.meta, generation: generationAfter(now, before) };
  if (now.kind === 'Ingress' && told.kind === 'Ingress')
    return { ...now, meta, status: foreignAfter(told), recordedIngress: told.status.loadBalancer.ingress };
  if (told.kind !== 'ServiceRoute') return { ...now, meta, status: foreignAfter(told) };
  const { status } = told;
  return {
    ...now,
    meta,
    status: {
      claims: status.claims.map((claim) => ({ ...claim, since: Date.parse(claim.since) as Instant })),
      address: status.address,
      conditions: status.conditions,
      raw: status,
    },
  };
}

/** As it would be read back from an object that is not ours. */
function foreignAfter({ status }: Exclude<RouteReport, { kind: 'ServiceRoute' }>): RouteObject['status'] {
  const conditions = 'conditions' in status ? (status.conditions ?? []) : [];
  return {
    claims: [],
    address: status.loadBalancer?.ingress[0]?.ip,
    conditions: conditions.map((one) => ({ ...one, type: one.type.replace('octopool.dev/', '') })),
    raw: status,
  };
}

function generationAfter(now: RouteObject | BalancerObject, before: RouteObject | BalancerObject): number {
  const same = isDeepStrictEqual(said(now), said(before));
  return same ? now.meta.generation : now.meta.generation + 1;
}

/** What an owner wrote into the spec: annotations make no new generation. */
function said({ meta: _meta, status: _status, switches: _switches, ...rest }: RouteObject | BalancerObject): unknown {
  return 'recordedIngress' in rest ? { ...rest, recordedIngress: [] } : rest;
}
