import { objectName } from '../model/brand.ts';
import type { EventNote, Report } from '../model/report.ts';
import { equalStatus } from './equal-status.ts';
import { balancerStatus } from './balancer-status.ts';
import { transitions } from './events.ts';
import type { PassResult } from './pass-result.ts';
import { routeStatus } from './route-status.ts';

export const finalizer = 'octopool.dev/balancer';

/** Verdicts, what was seen and how it ended → statuses and events; only of objects whose status really differs. */
export function report(result: PassResult): Report {
  const { balancer, routes, name } = result.snapshot;
  // while a balancer goes nothing is decided about its routes; once it is gone they read BalancerNotFound
  const told = balancer?.meta.deletedAt === undefined ? routes : [];
  const routeReports = told.flatMap((route) => {
    const status = routeStatus(route, result);
    if (equalStatus(status, route.status.raw)) return [];
    return [{ route, status }];
  });
  const status = balancer === undefined ? undefined : balancerStatus(balancer, result);
  const changed =
    balancer !== undefined && status !== undefined && !equalStatus(status, balancer.status.raw) ? status : undefined;
  const events: EventNote[] = routeReports.flatMap(({ route, status: after }) =>
    transitions({ kind: 'ServiceRoute', meta: route.meta, before: route.status.conditions, after: after.conditions }),
  );
  if (balancer !== undefined && changed !== undefined)
    events.push(
      ...transitions({
        kind: 'SharedBalancer',
        meta: balancer.meta,
        before: balancer.status.conditions,
        after: changed.conditions,
      }),
    );
  return {
    name,
    balancer: changed,
    routes: routeReports.map(({ route, status: after }) => ({
      name: objectName(route.meta.namespace, route.meta.name),
      uid: route.meta.uid,
      status: after,
    })),
    events,
    finalizer: finalizerMove(result),
  };
}

function finalizerMove({ snapshot, seen, outcome, deletion }: PassResult): Report['finalizer'] {
  const { balancer } = snapshot;
  if (balancer === undefined) return undefined;
  const there = balancer.meta.finalizers.includes(finalizer);
  if (balancer.meta.deletedAt === undefined) return there ? undefined : 'add';
  const gone = outcome.kind === 'settled' && deletion === undefined && seen !== undefined;
  return there && gone ? 'remove' : undefined;
}
