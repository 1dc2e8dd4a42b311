import { balancerName } from '../model/brand.ts';
import { conditionOf, type Problem } from '../model/reason.ts';
import type { RouteStatus } from '../model/report.ts';
import type { RouteObject } from '../model/snapshot.ts';
import type { Verdict } from '../model/verdict.ts';
import { readySaying, type Saying, toConditions } from './conditions.ts';
import { healthOf, healthText, type Health, routeHealth } from './health.ts';
import { balancerTrouble, type PassResult } from './pass-result.ts';
import { rfc3339 } from './time.ts';

/** What a route's owner reads: one verdict per rule, and the conditions that sum them up. */
export function routeStatus(route: RouteObject, result: PassResult): RouteStatus {
  const verdicts = verdictsOf(route, result);
  const health = routeHealth(route, result);
  const sayings = routeSayings(route, verdicts, health, result);
  const [namespace = '', name = ''] = result.snapshot.name.split('/');
  return {
    observedGeneration: route.meta.generation,
    balancer: balancerName(namespace, name),
    address: admitted(verdicts) ? (addressOf(result) ?? route.status.address) : undefined,
    healthy: healthText(health),
    claims: (result.claims?.claims ?? [])
      .filter((claim) => claim.owner === route.meta.uid)
      .map(({ type, value, listeners, state, since }) => ({ type, value, listeners, state, since: rfc3339(since) })),
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

/** A rule is Programmed only when the cloud took every write for it and nothing is under way. */
function verdictsOf(route: RouteObject, result: PassResult): readonly Verdict[] {
  const own = result.verdicts.filter((verdict) => verdict.owner === route.meta.uid);
  const refused = result.done?.refused ?? [];
  const trouble = balancerTrouble(result);
  return own.map((verdict) => {
    if (verdict.state !== 'Programmed') return verdict;
    const no = refused.find(
      ({ operation }) => operation.unit?.owner === verdict.owner && operation.unit.rule === verdict.rule,
    );
    if (no !== undefined) return { ...verdict, state: 'Pending', problem: no.problem };
    const passing = trouble === undefined || (trouble.reason === 'BalancerBusy' && wasProgrammed(route));
    return passing && !changing(route, verdict, result) ? verdict : { ...verdict, state: 'Pending', problem: trouble };
  });
}

/** Of this generation: a balancer that is busy with others' changes takes nothing away from a route that was in effect. */
function wasProgrammed({ meta, status }: RouteObject): boolean {
  const before = status.conditions.find((condition) => condition.type === 'Programmed');
  return before?.status === 'True' && before.observedGeneration === meta.generation;
}

/** Members come and go with nodes, while the route is in effect all the time; with a new pool come other operations too. */
function changing(route: RouteObject, verdict: Verdict, { plan, outcome }: PassResult): boolean {
  if (outcome.kind === 'settled') return false;
  return (plan?.operations ?? []).some(({ kind, unit }) => {
    if (unit === undefined) return !wasProgrammed(route);
    return kind !== 'replaceMembers' && unit.owner === verdict.owner && unit.rule === verdict.rule;
  });
}

function routeSayings(
  route: RouteObject,
  verdicts: readonly Verdict[],
  health: Health,
  result: PassResult,
): readonly Saying[] {
  const problems = verdicts.flatMap((verdict) =>
    verdict.problem === undefined ? [] : [{ ...verdict.problem, verdict }],
  );
  const first = (condition: ReturnType<typeof conditionOf>): Problem | undefined =>
    problems.find((problem) => conditionOf(problem.reason) === condition);
  const positive = [
    saying('Accepted', first('Accepted'), 'the balancer lets it attach'),
    saying('ResolvedRefs', first('ResolvedRefs'), 'every Service and port was found'),
    programmed({ verdicts, problem: first('Programmed'), owner: route.meta.uid, result }),
  ];
  const conflict = first('Conflicted');
  const bad = verdicts.filter((verdict) => verdict.state === 'Held' || verdict.state === 'Dropped');
  const negative = [
    ...(conflict === undefined ? [] : [{ type: 'Conflicted', status: 'True', ...conflictText(conflict) } as const]),
    ...(bad.length > 0 && bad.length < verdicts.length ? [partly(bad)] : []),
  ];
  const ready = readySaying(
    [...positive, ...negative],
    `${verdicts.length} ${verdicts.length === 1 ? 'rule is' : 'rules are'} in effect`,
  );
  return [...positive, ...negative, ready, health.saying];
}

function conflictText({ reason, message }: Problem): Problem {
  return { reason, message };
}

function saying(type: string, problem: Problem | undefined, whenTrue: string): Saying {
  if (problem === undefined)
    return { type, status: 'True', reason: type === 'Accepted' ? 'Accepted' : 'ResolvedRefs', message: whenTrue };
  return { type, status: 'False', reason: problem.reason, message: problem.message };
}

/** Held rules are still served; a route of which nothing is served is not programmed. */
function programmed(of: {
  readonly verdicts: readonly Verdict[];
  readonly problem: Problem | undefined;
  readonly owner: RouteObject['meta']['uid'];
  readonly result: PassResult;
}): Saying {
  const { verdicts, problem, owner, result } = of;
  if (problem !== undefined)
    return { type: 'Programmed', status: 'False', reason: problem.reason, message: problem.message };
  const pending = verdicts.some((verdict) => verdict.state === 'Pending') || result.seen === undefined;
  if (pending)
    return {
      type: 'Programmed',
      status: 'Unknown',
      reason: 'Pending',
      message: 'The load balancer is being brought in line.',
    };
  // a conflict may cost a rule one of its hostnames or all of them
  const won = (result.claims?.held ?? []).some(({ unit }) => unit.owner === owner);
  const served = verdicts.some(
    ({ state }) => state === 'Programmed' || state === 'Held' || (state === 'Conflicted' && won),
  );
  if (!served) {
    const cause = verdicts.find((verdict) => verdict.problem !== undefined)?.problem;
    const { reason, message } = cause ?? { reason: 'Pending', message: 'No rule of this route can be programmed.' };
    return { type: 'Programmed', status: 'False', reason, message };
  }
  return {
    type: 'Programmed',
    status: 'True',
    reason: 'Programmed',
    message: 'the load balancer is ACTIVE with this route',
  };
}

function partly(bad: readonly Verdict[]): Saying {
  const word = bad.some((verdict) => verdict.state === 'Dropped') ? 'Dropped' : 'Held';
  const names = bad.map((verdict) => verdict.rule).toSorted();
  const cause = bad[0]?.problem;
  return {
    type: 'PartiallyInvalid',
    status: 'True',
    reason: cause?.reason ?? 'PartiallyInvalid',
    message: `${word} Rule ${names.join(', ')}: ${cause?.message ?? ''}`,
  };
}
