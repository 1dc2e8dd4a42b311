import { objectName } from '../model/brand.ts';
import { finalizers } from '../model/finalizers.ts';
import type { BalancerStatus, Report, ToldIngresses } from '../model/report.ts';
import { balancerEvents } from './balancer-events.ts';
import { balancerStatus } from './balancer-status.ts';
import { deletedService } from './deleted-service.ts';
import { equalStatus } from './equal-status.ts';
import type { BalancerObject, RouteObject } from '../model/snapshot.ts';
import type { PassResult } from './pass-result.ts';
import { routeShares } from './route-share.ts';
import { ingressNews, toldAfter } from './ingress-events.ts';
import { routeAnswer, routeEvents, type ToldRoute } from './route-answer.ts';
import { wasProgrammed } from './route-verdicts.ts';

/** Whether what the cloud holds for a balancer is removed before its object goes. */
export function holdsFinalizer({ kind, meta }: BalancerObject): boolean {
  return meta.finalizers.includes(finalizers[kind]);
}

/**
 * Verdicts, what was seen and how it ended → statuses and events; only of objects whose status really differs. `told`: what owners of
 * Ingresses were told before; it comes back as it is now, where that can be said.
 */
export function report(result: PassResult, before: ToldIngresses): Report & { readonly told: ToldIngresses } {
  const { balancer, name } = result.snapshot;
  // a balancer of one has no status: its Service is told all there is
  const shared = balancer?.kind === 'SharedBalancer' ? balancer : undefined;
  const status = shared === undefined ? undefined : balancerStatus(shared, result);
  const answers = answersOf(result, status?.conditions);
  const changed = answers.filter(({ route, answer }) => !equalStatus(answer.status, route.status.raw));
  const changedOnes = new Set(changed);
  const news = answers.filter((one) => changedOnes.has(one) || ingressNews(one, before).length > 0);
  const move = finalizerMove(result);
  const deleted = deletedService(result);
  return {
    name,
    balancer: shared === undefined || equalStatus(status, shared.status.raw) ? undefined : status,
    routes: [
      ...changed.map(({ route: { meta }, answer }) => ({
        name: objectName(meta.namespace, meta.name),
        uid: meta.uid,
        ...answer,
      })),
      ...(deleted === undefined ? [] : [deleted.route]),
    ],
    events: [
      ...(deleted?.events ?? []),
      ...news.flatMap((one) => routeEvents(one, { balancer: status?.conditions, before })),
      ...(shared === undefined || status === undefined
        ? []
        : balancerEvents({ balancer: shared, status, routes: news, finalizer: move, result, before })),
    ],
    finalizer: move,
    told: toldAfter(answers, before),
  };
}

/** What the balancer is told already is no problem of each of its Ingresses. */
function answersOf(result: PassResult, balancer: BalancerStatus['conditions'] = []): readonly ToldRoute[] {
  const shareOf = routeShares(result);
  const ready = balancer.find(({ type }) => type === 'Ready')?.message;
  return result.snapshot.routes
    .filter((route) => isToldOf(route, result))
    .map((route) => routeAnswer(route, shareOf(route.meta.uid)))
    .map((told) => ({ ...told, problems: told.problems?.filter(({ message }) => message !== ready) }));
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
