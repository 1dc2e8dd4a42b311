import type { Problem } from '../model/reason.ts';
import type { BalancerStatus, EventNote, RouteAnswer, ToldIngresses } from '../model/report.ts';
import type { Condition, RouteObject } from '../model/snapshot.ts';
import { toConditions } from './conditions.ts';
import { transitions } from './events.ts';
import { routeHealth } from './health.ts';
import { ingressEvents, ingressProblems } from './ingress-events.ts';
import { ingressStatus } from './ingress-status.ts';
import type { PassResult } from './pass-result.ts';
import { remarksOf } from './remarks.ts';
import { routeSayings } from './route-conditions.ts';
import { routeStatus } from './route-status.ts';
import { routeVerdicts } from './route-verdicts.ts';
import { serviceEvents } from './service-events.ts';
import { serviceStatus } from './service-status.ts';

/** What the owner of an input is told, in the form of its kind. */
export interface ToldRoute {
  readonly route: RouteObject;
  readonly answer: RouteAnswer;
  /** What sums its verdicts up, in the words that ServiceRoutes have for it. */
  readonly conditions: readonly Condition[];
  /** Of a Service: what it asks for and does not get although it is served. */
  readonly remarks?: readonly Problem[];
  /** Of an Ingress: what its owner has to know, one for each Reason; undefined: nothing was decided. */
  readonly problems: readonly Problem[] | undefined;
  /** Something of it is under way. */
  readonly pending: boolean;
}

/** `result`: the route's share of it. */
export function routeAnswer(route: RouteObject, result: PassResult): ToldRoute {
  const verdicts = routeVerdicts(route, result);
  const health = routeHealth(route, result);
  const conditions = toConditions({
    sayings: routeSayings({ route, verdicts, health, result }),
    before: route.status.conditions,
    generation: route.meta.generation,
    now: result.now,
  });
  const input = { result, verdicts, health, conditions };
  const base = {
    route,
    conditions,
    problems: route.kind === 'Ingress' ? ingressProblems(input) : undefined,
    pending: verdicts.some(({ state }) => state === 'Pending'),
  };
  switch (route.kind) {
    case 'ServiceRoute':
      return { ...base, answer: { kind: route.kind, status: routeStatus(route, input) } };
    case 'Service':
      return {
        ...base,
        remarks: remarksOf(route, result),
        answer: { kind: route.kind, status: serviceStatus(route, input) },
      };
    case 'Ingress':
      return { ...base, answer: { kind: route.kind, status: ingressStatus(route, input) } };
  }
}

/** `balancer`: what its balancer is told of itself. */
export function routeEvents(
  told: ToldRoute,
  { balancer, before }: { readonly balancer: BalancerStatus['conditions'] | undefined; readonly before: ToldIngresses },
): readonly EventNote[] {
  const { route, answer, conditions, remarks = [] } = told;
  switch (answer.kind) {
    case 'ServiceRoute': {
      const { kind, meta, status } = route;
      return transitions({ kind, meta, before: status.conditions, after: conditions, balancer });
    }
    case 'Service':
      return serviceEvents(route, answer.status, remarks);
    case 'Ingress':
      return ingressEvents(told, before);
  }
}
