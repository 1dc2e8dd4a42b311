import { conditionOf, type Problem, type Reason } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { BalancerObject } from '../model/snapshot.ts';
import { negative, positive, progress, readySaying, type Saying } from './conditions.ts';
import { balancerTrouble, notActive, type PassResult } from './pass-result.ts';
import { placementChanged } from './placement.ts';

/** What the platform team reads first. */
export function balancerSayings(balancer: BalancerObject, result: PassResult): readonly Saying[] {
  const problem = balancerProblem(balancer, result);
  const of = problem === undefined ? undefined : conditionOf(problem.reason);
  const parts = [
    part('Accepted', of === 'Accepted' ? problem : undefined),
    part('ResolvedRefs', of === 'ResolvedRefs' ? problem : undefined),
    part('Programmed', of === 'Programmed' || of === 'Conflicted' ? problem : unprogrammed(result)),
  ];
  return [
    ...parts,
    ...progress(parts),
    ...negative('Degraded', degraded(balancer, result.seen)),
    ...negative('DriftDetected', drift(balancer, result)),
    ...negative('Paused', balancer.switches.paused ? paused : undefined),
    ...negative('Deleting', deleting(balancer, result)),
    readySaying(parts, routesOnListeners(result)),
  ];
}

function part(type: Extract<Reason, 'Accepted' | 'ResolvedRefs' | 'Programmed'>, problem: Problem | undefined): Saying {
  return positive(type, problem, { reason: type, message: '' });
}

/** Beside a mistake of another kind: whether it stands at all. */
function unprogrammed(result: PassResult): Problem | undefined {
  return result.seen === undefined ? unread : notActive(result);
}

const unread: Problem = { reason: 'Pending', message: 'The load balancer is not looked at until that is mended.' };

/** What its own spec says wrong comes before what the cloud makes of it, and one listener's trouble last. */
export function balancerProblem(balancer: BalancerObject, result: PassResult): Problem | undefined {
  if ('invalid' in balancer.spec) return balancer.spec.invalid;
  if (balancer.fault !== undefined) return balancer.fault;
  const listener = result.claims?.refusedListeners[0]?.problem ?? result.heldListeners[0]?.problem;
  return (
    placementChanged(balancer, result.seen) ?? balancerTrouble(result) ?? listener ?? defaultTrouble(balancer, result)
  );
}

/** The pool of a default backend has the balancer for its owner. */
function defaultTrouble({ meta }: BalancerObject, { defaultProblems, done }: PassResult): Problem | undefined {
  const refused = done?.refused.find(({ operation }) => operation.unit?.owner === meta.uid);
  return defaultProblems[0] ?? refused?.problem;
}

/** The wrong topology is told before members that do not answer: nobody else tells it. */
function degraded({ spec }: BalancerObject, seen: Seen | undefined): Problem | undefined {
  const asked = 'invalid' in spec ? undefined : spec.placement.topology;
  const has = seen?.topology;
  if (asked !== undefined && has !== undefined && has !== 'Unknown' && has !== asked)
    return {
      reason: 'TopologyMismatch',
      message: `placement.topology asks for ${asked} and the load balancer is ${has}; its flavor or the cloud decides. Create a second SharedBalancer with a flavor that is ${asked}.`,
    };
  const status = seen?.loadBalancer?.operatingStatus;
  if (status !== 'DEGRADED' && status !== 'ERROR') return undefined;
  return {
    reason: 'OperatingStatusDegraded',
    message: `Octavia says ${status}: members of some pool do not answer. Look at BackendsHealthy of the routes.`,
  };
}

/** What another hand changed, and whether it is being put back. */
function drift({ spec }: BalancerObject, { plan }: PassResult): Problem | undefined {
  const [first] = plan?.drifted ?? [];
  if (plan === undefined || first === undefined) return undefined;
  const all = plan.drifted.length;
  const what = `Somebody else changed the load balancer: ${all === 1 ? '' : `${all} differences, the first: `}${first.kind}, ${first.why}.`;
  return 'invalid' in spec || spec.sync.driftPolicy === 'Repair'
    ? { reason: 'Repairing', message: `${what} It is put back.` }
    : { reason: 'Drifted', message: `${what} sync.driftPolicy is Report: set it to Repair to have it put back.` };
}

const paused: Problem = {
  reason: 'Paused',
  message: 'Nothing is written for this balancer while it is paused. Remove octopool.dev/paused to go on.',
};

function deleting({ meta }: BalancerObject, { deletion }: PassResult): Problem | undefined {
  if (meta.deletedAt === undefined) return undefined;
  return deletion?.problem ?? { reason: 'WaitingForCloud', message: 'The load balancer is being removed.' };
}

function routesOnListeners({ snapshot, seen }: PassResult): string {
  const total = snapshot.routes.length;
  const listeners = (seen?.listeners ?? []).filter((one) => one.tags !== undefined).length;
  return `${total} ${total === 1 ? 'route' : 'routes'} on ${listeners} ${listeners === 1 ? 'listener' : 'listeners'}`;
}
