import type { BalancerStatus, EventNote, RouteStatus } from '../model/report.ts';
import type { BalancerObject, Condition, RouteObject } from '../model/snapshot.ts';
import type { Conflict } from '../model/verdict.ts';
import { note, transitions } from './events.ts';
import type { PassResult } from './pass-result.ts';

export interface ToldRoute {
  readonly route: RouteObject;
  readonly status: RouteStatus;
}

/** What the platform team is told beyond conditions; here alone one tenant's name stands beside another's. */
export function balancerEvents(of: {
  readonly balancer: BalancerObject;
  readonly status: BalancerStatus;
  readonly routes: readonly ToldRoute[];
  readonly finalizer: 'add' | 'remove' | undefined;
  readonly result: PassResult;
}): readonly EventNote[] {
  const { balancer, status, routes, finalizer, result } = of;
  const subject = { kind: 'SharedBalancer', meta: balancer.meta } as const;
  const { loadBalancerID, deletionPolicy, address } = status;
  return [
    ...(balancer.status.loadBalancerID === undefined && loadBalancerID !== undefined && finalizer !== 'remove'
      ? [note(subject, { type: 'Normal', reason: 'BalancerCreated', message: `Load balancer ${loadBalancerID}.` })]
      : []),
    ...transitions({ ...subject, before: balancer.status.conditions, after: status.conditions }),
    ...routes
      .filter(({ route, status: after }) => isNews(route.status.conditions, after.conditions))
      .flatMap(conflictsOf(result))
      .map(({ reason, message }) => note(subject, { type: 'Warning', reason, message })),
    ...(finalizer === 'remove' && deletionPolicy === 'Retain'
      ? [note(subject, { type: 'Normal', reason: 'BalancerRetained', message: retained(address) })]
      : []),
  ];
}

function retained(address: string | undefined): string {
  return `The load balancer${address === undefined ? '' : ` at ${address}`} stays; nothing of it is ours any more.`;
}

/** A route's first conflict of a kind is news; the same one in the next pass is not. */
function isNews(before: readonly Condition[], after: readonly Condition[]): boolean {
  const now = conflicted(after);
  return now !== undefined && conflicted(before)?.message !== now.message;
}

function conflictsOf({ snapshot, claims }: PassResult) {
  const nameOf = new Map(snapshot.routes.map(({ meta }) => [meta.uid, `${meta.namespace}/${meta.name}`]));
  const byLoser = Map.groupBy(claims?.conflicts ?? [], ({ loser }) => loser);
  return ({ route: { meta } }: ToldRoute) =>
    (byLoser.get(meta.uid) ?? []).slice(0, 4).map(({ reason, what, holder }: Conflict) => {
      const who = holder === undefined ? 'a listener of the balancer' : `ServiceRoute ${nameOf.get(holder) ?? holder}`;
      return { reason, message: `ServiceRoute ${meta.namespace}/${meta.name} asks for ${what}, which ${who} holds.` };
    });
}

function conflicted(conditions: readonly Condition[]): Condition | undefined {
  return conditions.find(({ type }) => type === 'Conflicted');
}
