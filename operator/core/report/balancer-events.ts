import { conditionOf } from '../model/reason.ts';
import type { BalancerStatus, EventNote, ToldIngresses } from '../model/report.ts';
import type { BalancerObject, Condition } from '../model/snapshot.ts';
import type { Conflict } from '../model/verdict.ts';
import { note, transitions } from './events.ts';
import { ingressNews } from './ingress-events.ts';
import { foreignAddress } from './foreign-address.ts';
import type { PassResult } from './pass-result.ts';
import type { ToldRoute } from './route-answer.ts';

/** What the platform team is told beyond conditions; here alone one tenant's name stands beside another's. */
export function balancerEvents(of: {
  readonly balancer: BalancerObject;
  readonly status: BalancerStatus;
  readonly routes: readonly ToldRoute[];
  readonly finalizer: 'add' | 'remove' | undefined;
  readonly result: PassResult;
  /** What owners of Ingresses were told before. */
  readonly before: ToldIngresses;
}): readonly EventNote[] {
  const { balancer, status, routes, finalizer, result, before } = of;
  const subject = { kind: 'SharedBalancer', meta: balancer.meta } as const;
  const { loadBalancerID, deletionPolicy, address } = status;
  const foreign = foreignAddress(balancer, result);
  return [
    ...(balancer.status.loadBalancerID === undefined && loadBalancerID !== undefined && finalizer !== 'remove'
      ? [note(subject, { type: 'Normal', reason: 'BalancerCreated', message: `Load balancer ${loadBalancerID}.` })]
      : []),
    ...transitions({ ...subject, before: balancer.status.conditions, after: status.conditions }),
    ...failovers(result).map((message) => note(subject, { type: 'Normal', reason: 'Failover', message })),
    ...(foreign === undefined
      ? []
      : [note(subject, { type: 'Warning', reason: 'ForeignFloatingIP', message: foreign })]),
    ...routes
      .filter((told) => isNews(told, before))
      .flatMap(conflictsOf(result))
      .map(({ reason, message }) => note(subject, { type: 'Warning', reason, message })),
    ...(finalizer === 'remove' && deletionPolicy === 'Retain'
      ? [note(subject, { type: 'Normal', reason: 'BalancerRetained', message: retained(address) })]
      : []),
  ];
}

/** What the cloud took on; one that it refused is no news. It is asked for once in each ERROR. */
function failovers({ done }: PassResult): readonly string[] {
  return (done?.applied ?? []).flatMap((operation) =>
    operation.kind === 'failoverLoadBalancer'
      ? [`Load balancer ${operation.id} was ${operation.why}; a failover was asked for.`]
      : [],
  );
}

function retained(address: string | undefined): string {
  return `The load balancer${address === undefined ? '' : ` at ${address}`} stays; nothing of it is ours any more.`;
}

/** A route's first conflict of a kind is news; the same one in the next pass is not. */
function isNews(told: ToldRoute, before: ToldIngresses): boolean {
  const { route, conditions } = told;
  if (route.kind === 'Ingress')
    return ingressNews(told, before).some(({ reason }) => conditionOf(reason) === 'Conflicted');
  const now = conflicted(conditions);
  // a Service has no condition of that name: what it lost stands in Accepted
  return now !== undefined && !route.status.conditions.some(({ message }) => message === now.message);
}

function conflictsOf({ snapshot, claims }: PassResult) {
  const nameOf = new Map(snapshot.routes.map(({ kind, meta }) => [meta.uid, `${kind} ${meta.namespace}/${meta.name}`]));
  const byLoser = Map.groupBy(claims?.conflicts ?? [], ({ loser }) => loser);
  return ({ route: { kind, meta } }: ToldRoute) =>
    (byLoser.get(meta.uid) ?? []).slice(0, 4).map(({ reason, what, holder }: Conflict) => {
      const who = holder === undefined ? 'a listener of the balancer' : (nameOf.get(holder) ?? `object ${holder}`);
      return { reason, message: `${kind} ${meta.namespace}/${meta.name} asks for ${what}, which ${who} holds.` };
    });
}

function conflicted(conditions: readonly Condition[]): Condition | undefined {
  return conditions.find(({ type }) => type === 'Conflicted');
}
