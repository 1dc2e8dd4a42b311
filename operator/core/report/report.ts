import { objectName } from '../model/brand.ts';
import type { BalancerStatus, EventNote, Report } from '../model/report.ts';
import { balancerEvents, type ToldRoute } from './balancer-events.ts';
import { balancerStatus } from './balancer-status.ts';
import { equalStatus } from './equal-status.ts';
import { transitions } from './events.ts';
import type { RouteObject } from '../model/snapshot.ts';
import type { PassResult } from './pass-result.ts';
import { routeShares } from './route-share.ts';
import { routeStatus } from './route-status.ts';
import { wasProgrammed } from './route-verdicts.ts';

export const finalizer = 'octopool.dev/balancer';

/** Verdicts, what was seen and how it ended → statuses and events; only of objects whose status really differs. */
export function report(result: PassResult): Report {
  const { balancer, routes, name } = result.snapshot;
  const told = routes.filter((route) => isToldOf(route, result));
  const shareOf = routeShares(result);
  const changedRoutes = told
    .map((route): ToldRoute => ({ route, status: routeStatus(route, shareOf(route.meta.uid)) }))
    .filter(({ route, status }) => !equalStatus(status, route.status.raw));
  const status = balancer === undefined ? undefined : balancerStatus(balancer, result);
  const move = finalizerMove(result);
  return {
    name,
    balancer: balancer === undefined || equalStatus(status, balancer.status.raw) ? undefined : status,
    routes: changedRoutes.map(({ route, status: after }) => ({
      name: objectName(route.meta.namespace, route.meta.name),
      uid: route.meta.uid,
      status: after,
    })),
    events: [
      ...changedRoutes.flatMap((told) => routeEvents(told, status?.conditions)),
      ...(balancer === undefined || status === undefined
        ? []
        : balancerEvents({ balancer, status, routes: changedRoutes, finalizer: move, result })),
    ],
    finalizer: move,
  };
}

/**
 * While a balancer goes nothing is decided about its routes; once it is gone they read BalancerNotFound. While it cannot be read, a route
 * that was in effect is believed to be so still.
 */
function isToldOf(route: RouteObject, { snapshot, seen, claims }: PassResult): boolean {
  const { balancer } = snapshot;
  if (balancer === undefined) return true;
  // while a balancer really goes nothing is decided about its routes; while its deletion waits it serves as ever
  const serves = balancer.meta.deletedAt === undefined || claims !== undefined;
  return serves && (seen !== undefined || !wasProgrammed(route));
}

function routeEvents(
  { route, status }: ToldRoute,
  balancer: BalancerStatus['conditions'] | undefined,
): readonly EventNote[] {
  const { meta } = route;
  const [before, after] = [route.status.conditions, status.conditions];
  return transitions({ kind: 'ServiceRoute', meta, before, after, balancer });
}

function finalizerMove({ snapshot, seen, outcome, deletion }: PassResult): Report['finalizer'] {
  const { balancer } = snapshot;
  if (balancer === undefined) return undefined;
  const there = balancer.meta.finalizers.includes(finalizer);
  if (balancer.meta.deletedAt === undefined) return there ? undefined : 'add';
  const gone = outcome.kind === 'settled' && deletion === undefined && seen !== undefined;
  return there && gone ? 'remove' : undefined;
}
