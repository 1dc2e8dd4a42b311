import type { Instant } from '../model/brand.ts';
import type { Problem, Reason } from '../model/reason.ts';
import type { Condition } from '../model/snapshot.ts';
import { shortened } from './shortened.ts';
import { rfc3339 } from './time.ts';

/** What a condition should say now; its time of transition comes from what it said before. */
export interface Saying {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

/** Sayings as conditions: lastTransitionTime is kept as long as the status is. */
export function toConditions(of: {
  readonly sayings: readonly Saying[];
  readonly before: readonly Condition[];
  readonly generation: number;
  readonly now: Instant;
}): readonly Condition[] {
  const old = new Map(of.before.map((condition) => [condition.type, condition]));
  return of.sayings.map((saying) => {
    const previous = old.get(saying.type);
    const lastTransitionTime = previous?.status === saying.status ? previous.lastTransitionTime : rfc3339(of.now);
    return { ...saying, message: shortened(saying.message), lastTransitionTime, observedGeneration: of.generation };
  });
}

/** One of the positive conditions, from what stands in its way. What passes by itself is not known rather than false. */
export function positive(type: string, problem: Problem | undefined, whenTrue: Problem): Saying {
  if (problem === undefined) return { type, status: 'True', ...whenTrue };
  const status = unsettled.has(problem.reason) ? 'Unknown' : 'False';
  return { type, status, reason: problem.reason, message: problem.message };
}

/** A condition that is there only while it is true. */
export function negative(type: string, problem: Problem | undefined): readonly Saying[] {
  return problem === undefined ? [] : [{ type, status: 'True', reason: problem.reason, message: problem.message }];
}

/** Ready is the sum of the others: True only when each of them is, else the reason and message of the first that is not. */
export function readySaying(parts: readonly Saying[], whenTrue: string): Saying {
  const bad = parts.find(isBad);
  if (bad === undefined) return { type: 'Ready', status: 'True', reason: 'Ready', message: whenTrue };
  const status = bad.status === 'Unknown' ? 'Unknown' : 'False';
  return { type: 'Ready', status, reason: bad.reason, message: bad.message };
}

/**
 * What kstatus reads: Stalled when a person must act, Reconciling while the operator or the cloud is at work. Whoever paused
 * an object waits for neither.
 */
export function progress(parts: readonly Saying[]): readonly Saying[] {
  const bad = parts.filter(isBad);
  const stalled = bad.find(({ reason }) => !byItself.has(reason) && !waitsForPause.has(reason));
  if (stalled !== undefined) return negative('Stalled', stalled);
  return negative(
    'Reconciling',
    bad.find(({ reason }) => byItself.has(reason)),
  );
}

function isBad({ type, status }: Saying): boolean {
  return negatives.has(type) ? status === 'True' : status !== 'True';
}

const negatives: ReadonlySet<string> = new Set(['Conflicted', 'PartiallyInvalid']);

/** Nobody needs to act: these end by themselves. */
export const byItself: ReadonlySet<string> = new Set<Reason>([
  'Pending',
  'BalancerBusy',
  'CloudUnavailable',
  'LoadBalancerMissing',
  'NoReadyNodes',
  'Repairing',
  'WaitingForCloud',
]);

export const waitsForPause: ReadonlySet<string> = new Set<Reason>(['Paused', 'BalancerPaused']);

/** Nobody is to be told: it passes, or whoever paused it knows. */
export function endsByItself({ reason }: Problem): boolean {
  return byItself.has(reason) || waitsForPause.has(reason);
}

/** Nothing is wrong, only not known yet. */
const unsettled: ReadonlySet<string> = new Set<Reason>(['Pending', 'BalancerBusy', 'Paused', 'BalancerPaused']);
