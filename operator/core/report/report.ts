import { objectName } from '../model/brand.ts';
import type { Report } from '../model/report.ts';
import { balancerEvents } from './balancer-events.ts';
import { balancerStatus } from './balancer-status.ts';
import { equalStatus } from './equal-status.ts';
import type { BalancerObject, RouteObject } from '../model/snapshot.ts';
import type { PassResult } from './pass-result.ts';
import { routeShares } from './route-share.ts';
import { routeAnswer, routeEvents } from './route-answer.ts';
import { wasProgrammed } from './route-verdicts.ts';

/** Ours, by the kind of object that a balancer stands for. */
const finalizers = { SharedBalancer: 'octopool.dev/balancer', Service: 'service.kubernetes.io/load-balancer-cleanup' };

/** Whether what the cloud holds for a balancer is removed before its object goes. */
export function holdsFinalizer({ kind, meta }: BalancerObject): boolean {
  return meta.finalizers.includes(finalizers[kind]);
}

/** Verdicts, what was seen and how it ended → statuses and events; only of objects whose status really differs. */
export function report(result: PassResult): Report {
  const { balancer, routes, name } = result.snapshot;
  const told = routes.filter((route) => isToldOf(route, result));
  const shareOf = routeShares(result);
  const changedRoutes = told
    .map((route) => routeAnswer(route, shareOf(route.meta.uid)))
    .filter(({ route, answer }) => !equalStatus(answer.status, route.status.raw));
  // a balancer of one has no status: its Service is told all there is
  const shared = balancer?.kind === 'SharedBalancer' ? balancer : undefined;
  const status = shared === undefined ? undefined : balancerStatus(shared, result);
  const move = finalizerMove(result);
  return {
    name,
    balancer: shared === undefined || equalStatus(status, shared.status.raw) ? undefined : status,
    routes: changedRoutes.map(({ route: { meta }, answer }) => ({
      name: objectName(meta.namespace, meta.name),
      uid: meta.uid,
      ...answer,
    })),
    events: [
      ...changedRoutes.flatMap((told) => routeEvents(told, status?.conditions)),
      ...(shared === undefined || status === undefined
        ? []
        : balancerEvents({ balancer: shared, status, routes: changedRoutes, finalizer: move, result })),
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

function finalizerMove({ snapshot, seen, outcome, deletion }: PassResult): Report['finalizer'] {
  const { balancer } = snapshot;
  if (balancer === undefined) return undefined;
  const there = holdsFinalizer(balancer);
  if (balancer.meta.deletedAt === undefined) return there ? undefined : 'add';
  const gone = outcome.kind === 'settled' && deletion === undefined && seen !== undefined;
  return there && gone ? 'remove' : undefined;
}
