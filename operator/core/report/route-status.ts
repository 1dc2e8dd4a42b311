import type { RouteStatus } from '../model/report.ts';
import type { Condition, RouteObject } from '../model/snapshot.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Health, healthOf, healthText } from './health.ts';
import type { PassResult } from './pass-result.ts';
import { shortened } from './shortened.ts';
import { rfc3339 } from './time.ts';

/** What was worked out about a route before it is put into the words of its kind. */
export interface ToldInput {
  /** The route's share. */
  readonly result: PassResult;
  readonly verdicts: readonly Verdict[];
  readonly health: Health;
  readonly conditions: readonly Condition[];
}

/** What a route's owner reads: one verdict per rule, and the conditions that sum them up. */
export function routeStatus(route: RouteObject, { result, verdicts, health, conditions }: ToldInput): RouteStatus {
  return {
    observedGeneration: route.meta.generation,
    balancer: result.snapshot.name,
    address: admitted(verdicts) ? (addressOf(result) ?? route.status.address) : undefined,
    healthy: healthText(health),
    claims: claimsOf(route, result),
    rules: verdicts
      .filter((verdict) => verdict.rule !== '*')
      .map((verdict) => ({
        name: verdict.rule,
        state: verdict.state,
        reason: verdict.problem?.reason,
        message: verdict.problem === undefined ? undefined : shortened(verdict.problem.message),
        healthy: healthText(healthOf(route.meta.uid, verdict.rule, result.seen)),
      })),
    conditions,
  };
}

export function addressOf({ seen }: PassResult): string | undefined {
  return seen?.floatingIP?.portId === undefined ? seen?.loadBalancer?.vipAddress : seen.floatingIP.address;
}

export function admitted(verdicts: readonly Verdict[]): boolean {
  return !verdicts.some(
    ({ state, problem }) =>
      problem !== undefined &&
      // an address that is not the one it asks for is not told as if it were
      (turnedAway.has(problem.reason) || (problem.reason === 'AddressMismatch' && state === 'Dropped')),
  );
}

const turnedAway: ReadonlySet<string> = new Set([
  'NotAllowedByBalancer',
  'KindNotAllowed',
  'BalancerNotFound',
  'NoBalancer',
  'ExposureMismatch',
]);

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
