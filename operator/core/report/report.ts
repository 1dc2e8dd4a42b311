import { objectName } from '../model/brand.ts';
import type { EventNote, Report } from '../model/report.ts';
import { balancerEvents, type ToldRoute } from './balancer-events.ts';
import { balancerStatus } from './balancer-status.ts';
import { equalStatus } from './equal-status.ts';
import { transitions } from './events.ts';
import type { PassResult } from './pass-result.ts';
import { routeStatus } from './route-status.ts';

export const finalizer = 'octopool.dev/balancer';

/** Verdicts, what was seen and how it ended → statuses and events; only of objects whose status really differs. */
export function report(result: PassResult): Report {
  const { balancer, routes, name } = result.snapshot;
  // while a balancer goes nothing is decided about its routes; once it is gone they read BalancerNotFound
  const told = balancer?.meta.deletedAt === undefined ? routes : [];
  const changedRoutes = told
    .map((route): ToldRoute => ({ route, status: routeStatus(route, result) }))
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
      ...changedRoutes.flatMap(routeEvents),
      ...(balancer === undefined || status === undefined
        ? []
        : balancerEvents({ balancer, status, routes: changedRoutes, finalizer: move, result })),
    ],
    finalizer: move,
  };
}

function routeEvents({ route, status }: ToldRoute): readonly EventNote[] {
  const { meta } = route;
  return transitions({ kind: 'ServiceRoute', meta, before: route.status.conditions, after: status.conditions });
}

function finalizerMove({ snapshot, seen, outcome, deletion }: PassResult): Report['finalizer'] {
  const { balancer } = snapshot;
  if (balancer === undefined) return undefined;
  const there = balancer.meta.finalizers.includes(finalizer);
  if (balancer.meta.deletedAt === undefined) return there ? undefined : 'add';
  const gone = outcome.kind === 'settled' && deletion === undefined && seen !== undefined;
  return there && gone ? 'remove' : undefined;
}
