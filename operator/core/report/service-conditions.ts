import { ownPrefix } from '../model/foreign-words.ts';
import { conditionOf, type Problem } from '../model/reason.ts';
import type { Condition, PlainServiceObject } from '../model/snapshot.ts';
import { balancerProblem } from './balancer-conditions.ts';
import { positive, type Saying, toConditions } from './conditions.ts';
import type { PassResult } from './pass-result.ts';
import { remarksOf } from './remarks.ts';
import type { ToldInput } from './route-status.ts';

/** The four conditions of a Service: a lost claim is an Accepted that is False, and so is each other mistake. */
export function serviceConditions(route: PlainServiceObject, input: ToldInput): readonly Condition[] {
  const { result, verdicts, health, conditions } = input;
  const own = ownBalancer(result);
  const problems = [...(own === undefined ? [] : [own]), ...verdicts.flatMap(({ problem }) => problem ?? [])];
  const first = (type: 'Accepted' | 'ResolvedRefs'): Problem | undefined =>
    problems.find(({ reason }) => {
      const of = conditionOf(reason);
      return of === type || (type === 'Accepted' && of === 'Conflicted');
    });
  const programmed = conditions.find(({ type }) => type === 'Programmed');
  const sayings: readonly Saying[] = [
    positive('Accepted', first('Accepted'), { reason: 'Accepted', message: accepted(route, result) }),
    positive('ResolvedRefs', first('ResolvedRefs'), {
      reason: 'ResolvedRefs',
      message: 'every port was found',
    }),
    own !== undefined && conditionOf(own.reason) === 'Programmed'
      ? positive('Programmed', own, own)
      : asSaying(programmed),
    health.saying,
  ];
  const before = route.status.conditions;
  const now = toConditions({ sayings, before, generation: route.meta.generation, now: result.now });
  return now.map((condition) => ({ ...condition, type: `${ownPrefix}${condition.type}` }));
}

/** A balancer of one: its owner may know all there is to know of it. */
function ownBalancer(result: PassResult): Problem | undefined {
  const { balancer } = result.snapshot;
  return balancer?.kind === 'Service' ? balancerProblem(balancer, result) : undefined;
}

function accepted(route: PlainServiceObject, result: PassResult): string {
  const { balancer, name } = result.snapshot;
  const whose = balancer?.kind === 'Service' ? 'it has a load balancer of its own' : `served by SharedBalancer ${name}`;
  const remarks = remarksOf(route, result).map(({ message }) => message);
  return remarks.length === 0 ? whose : `${whose}. ${remarks.join(' ')}`;
}

function asSaying(condition: Condition | undefined): Saying {
  const { status = 'Unknown', reason = 'Pending', message = '' } = condition ?? {};
  return { type: 'Programmed', status, reason: reason as Saying['reason'], message };
}
