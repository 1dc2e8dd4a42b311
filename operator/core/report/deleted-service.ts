import { objectName } from '../model/brand.ts';
import { ownPrefix } from '../model/foreign-words.ts';
import type { Problem } from '../model/reason.ts';
import type { EventNote, RouteReport, ServiceStatus } from '../model/report.ts';
import type { PlainServiceObject } from '../model/snapshot.ts';
import { negative, toConditions } from './conditions.ts';
import { transitions } from './events.ts';
import type { PassResult } from './pass-result.ts';

/**
 * A Service that is Terminating because its load balancer does not go is told why, beside what stands in its status: nothing else
 * speaks to its owner any more. Of the seconds that every deletion takes nothing is said.
 */
export function deletedService(
  result: PassResult,
): { readonly route: RouteReport; readonly events: readonly EventNote[] } | undefined {
  const { balancer, subject } = result.snapshot;
  if (balancer?.kind !== 'Service' || subject?.service.deletedAt === undefined) return undefined;
  const before = subject.status.conditions;
  const known = before.find(({ type }) => type === 'Deleting');
  const problem = obstacle(result);
  if (problem === undefined || (known === undefined && passing.has(problem.reason))) return undefined;
  if (known?.reason === problem.reason && known.message === problem.message) return undefined;
  const { kind, meta } = subject;
  const others = before.filter((one) => one !== known);
  const sayings = negative('Deleting', problem);
  const after = [...others, ...toConditions({ sayings, before, generation: meta.generation, now: result.now })];
  return {
    route: { name: objectName(meta.namespace, meta.name), uid: meta.uid, kind, status: withConditions(subject, after) },
    events: transitions({ kind, meta, before, after }),
  };
}

function obstacle({ deletion, outcome }: PassResult): Problem | undefined {
  if (deletion !== undefined) return deletion.problem;
  return outcome.kind === 'failed' ? outcome.problem : undefined;
}

const passing: ReadonlySet<string> = new Set<Problem['reason']>(['WaitingForCloud', 'BalancerBusy', 'Pending']);

function withConditions({ status }: PlainServiceObject, conditions: PlainServiceObject['status']['conditions']) {
  const prefixed = conditions.map((condition) => ({ ...condition, type: `${ownPrefix}${condition.type}` }));
  // what was read of it is in the form in which we write it
  return { ...(status.raw as ServiceStatus), conditions: prefixed };
}
