import { balancerName } from '../model/brand.ts';
import type { RouteStatus } from '../model/report.ts';
import type { RouteObject } from '../model/snapshot.ts';
import type { Verdict } from '../model/verdict.ts';
import { toConditions } from './conditions.ts';
import { healthOf, healthText, routeHealth } from './health.ts';
import type { PassResult } from './pass-result.ts';
import { routeSayings } from './route-conditions.ts';
import { routeVerdicts } from './route-verdicts.ts';
import { rfc3339 } from './time.ts';

/** What a route's owner reads: one verdict per rule, and the conditions that sum them up. */
export function routeStatus(route: RouteObject, result: PassResult): RouteStatus {
  const verdicts = routeVerdicts(route, result);
  const health = routeHealth(route, result);
  const sayings = routeSayings({ route, verdicts, health, result });
  const [namespace = '', name = ''] = result.snapshot.name.split('/');
  return {
    observedGeneration: route.meta.generation,
    balancer: balancerName(namespace, name),
    address: admitted(verdicts) ? (addressOf(result) ?? route.status.address) : undefined,
    healthy: healthText(health),
    claims: claimsOf(route, result),
    rules: verdicts
      .filter((verdict) => verdict.rule !== '*')
      .map((verdict) => ({
        name: verdict.rule,
        state: verdict.state,
        reason: verdict.problem?.reason,
        message: verdict.problem?.message,
        healthy: healthText(healthOf(route.meta.uid, verdict.rule, result.seen)),
      })),
    conditions: toConditions({
      sayings,
      before: route.status.conditions,
      generation: route.meta.generation,
      now: result.now,
    }),
  };
}

export function addressOf({ seen }: PassResult): string | undefined {
  return seen?.floatingIP?.portId === undefined ? seen?.loadBalancer?.vipAddress : seen.floatingIP.address;
}

function admitted(verdicts: readonly Verdict[]): boolean {
  return !verdicts.some(
    (verdict) => verdict.problem?.reason === 'NotAllowedByBalancer' || verdict.problem?.reason === 'BalancerNotFound',
  );
}

/** Most that a status may list; hostnames and listeners bound it far below. */
const most = 64;

/** A pass that could not decide who holds what takes no claim away: what is remembered is evidence for the next. */
function claimsOf({ meta, status }: RouteObject, { claims, snapshot }: PassResult): RouteStatus['claims'] {
  const known = claims?.claims.filter((claim) => claim.owner === meta.uid);
  const remembered = snapshot.balancer === undefined ? [] : status.claims;
  return (known ?? remembered)
    .slice(0, most)
    .map(({ type, value, listeners, state, since }) => ({ type, value, listeners, state, since: rfc3339(since) }));
}
