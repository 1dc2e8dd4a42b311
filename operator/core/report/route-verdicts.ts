import type { Problem } from '../model/reason.ts';
import type { RouteObject } from '../model/snapshot.ts';
import type { Ownership } from '../model/tags.ts';
import type { Verdict } from '../model/verdict.ts';
import { childTrouble, type PassResult, wholeTrouble } from './pass-result.ts';
import { servedBy } from './route-share.ts';

/** A rule is Programmed only when the cloud took every write for it and nothing is under way. */
export function routeVerdicts(route: RouteObject, result: PassResult): readonly Verdict[] {
  return result.verdicts
    .filter((verdict) => verdict.owner === route.meta.uid)
    .map((verdict) => {
      const hindrance = verdict.state === 'Programmed' ? hindranceOf(route, verdict, result) : undefined;
      return hindrance === undefined ? verdict : { ...verdict, state: 'Pending', problem: hindrance.problem };
    });
}

/** What keeps what a rule has won from being in effect now; without a problem it is only under way. */
export function hindranceOf(
  route: RouteObject,
  verdict: Verdict,
  result: PassResult,
): { readonly problem: Problem | undefined } | undefined {
  const paused = pauseOf(route, result);
  if (paused !== undefined) return wasProgrammed(route) ? undefined : { problem: paused };
  const no = result.done?.refused.find(
    ({ operation }) => operation.unit?.owner === verdict.owner && operation.unit.rule === verdict.rule,
  );
  const trouble = no?.problem ?? routeTrouble(route, result);
  if (trouble !== undefined) return { problem: trouble };
  return changing(route, verdict, result) ? { problem: undefined } : undefined;
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
export function wasProgrammed(route: RouteObject): boolean {
  // an Ingress says of no generation that it is in effect; what an edit asks for beyond that is made anew, and told so
  if (route.kind === 'Ingress')
    return route.recordedIngress.some(({ ports }) => ports.some(({ error }) => error === undefined));
  const { meta, status } = route;
  const before = status.conditions.find((condition) => condition.type === 'Programmed');
  return before?.status === 'True' && before.observedGeneration === meta.generation;
}

function routeTrouble(route: RouteObject, result: PassResult): Problem | undefined {
  const whole = wholeTrouble(result);
  const inEffect = wasProgrammed(route);
  if (whole !== undefined && !(inEffect && !breaking.has(whole.reason)))
    return everybodys.has(whole.reason) ? whole : platformTeams;
  const child = childTrouble(result.seen, (tags) => serves(tags, route));
  return inEffect && child?.reason === 'BalancerBusy' ? undefined : child;
}

/** A listener of the balancer serves all. */
function serves(tags: Ownership, { meta }: RouteObject): boolean {
  const whose = servedBy(tags);
  return whose === undefined || whose === meta.uid;
}

/** What ends the service of a route that was in effect. Whatever else is wrong with the balancer waits beside it. */
const breaking: ReadonlySet<string> = new Set(['Pending', 'LoadBalancerMissing', 'ProvisioningError', 'ForeignOwner']);

/** What a route's owner may know of the balancer; the rest is for those who can mend it. */
const everybodys: ReadonlySet<string> = new Set([
  'Pending',
  'BalancerBusy',
  'CloudUnavailable',
  'LoadBalancerMissing',
  'ProvisioningError',
  'ProvisioningStuck',
]);

const platformTeams: Problem = {
  reason: 'Pending',
  message: 'The balancer is not ready for this route. The platform team is told why.',
};

/**
 * What was in effect stays so while nodes, Services and neighbours change what it is made of; only what is made anew was not there.
 * After an edit it is in effect when all is done.
 */
function changing(route: RouteObject, verdict: Verdict, { plan, outcome }: PassResult): boolean {
  if (outcome.kind === 'settled') return false;
  const inEffect = wasProgrammed(route);
  return (plan?.operations ?? []).some(({ kind, unit }) => {
    if (unit === undefined) return !inEffect;
    const counts = inEffect ? madeAnew.has(kind) : kind !== 'replaceMembers';
    return counts && unit.owner === verdict.owner && unit.rule === verdict.rule;
  });
}

const madeAnew: ReadonlySet<string> = new Set(['createListener', 'createPool', 'createPolicy']);
