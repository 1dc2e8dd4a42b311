import type { Problem } from '../model/reason.ts';
import type { RouteObject } from '../model/snapshot.ts';
import type { Verdict } from '../model/verdict.ts';
import { balancerTrouble, type PassResult } from './pass-result.ts';

/** A rule is Programmed only when the cloud took every write for it and nothing is under way. */
export function routeVerdicts(route: RouteObject, result: PassResult): readonly Verdict[] {
  const own = result.verdicts.filter((verdict) => verdict.owner === route.meta.uid);
  const refused = result.done?.refused ?? [];
  const trouble = balancerTrouble(result);
  const paused = pauseOf(route, result);
  return own.map((verdict) => {
    if (verdict.state !== 'Programmed') return verdict;
    if (paused !== undefined) return wasProgrammed(route) ? verdict : { ...verdict, state: 'Pending', problem: paused };
    const no = refused.find(
      ({ operation }) => operation.unit?.owner === verdict.owner && operation.unit.rule === verdict.rule,
    );
    if (no !== undefined) return { ...verdict, state: 'Pending', problem: no.problem };
    const passing = trouble === undefined || (trouble.reason === 'BalancerBusy' && wasProgrammed(route));
    return passing && !changing(route, verdict, result) ? verdict : { ...verdict, state: 'Pending', problem: trouble };
  });
}

/** Who keeps the operator from writing for a route. */
export function pauseOf({ switches }: RouteObject, { snapshot }: PassResult): Problem | undefined {
  if (switches.paused)
    return {
      reason: 'Paused',
      message: 'Nothing is written for this route while it is paused. Remove octopool.dev/paused to go on.',
    };
  if (snapshot.balancer?.switches.paused === true)
    return {
      reason: 'BalancerPaused',
      message: 'Nothing is written for this route while its balancer is paused. The platform team can go on.',
    };
  return undefined;
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
