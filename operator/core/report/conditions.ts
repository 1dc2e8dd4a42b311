import type { Instant } from '../model/brand.ts';
import type { Reason } from '../model/reason.ts';
import type { Condition } from '../model/snapshot.ts';
import { rfc3339 } from './time.ts';

/** What a condition should say now; its time of transition comes from what it said before. */
export interface Saying {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason | 'Deleting' | 'Reconciling';
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
    return { ...saying, message: saying.message.slice(0, 1024), lastTransitionTime, observedGeneration: of.generation };
  });
}

/** Ready is the sum of the others: True only when each of them is, else the reason and message of the first that is not. */
export function readySaying(parts: readonly Saying[], whenTrue: string): Saying {
  const bad = parts.find((part) => (negative(part.type) ? part.status === 'True' : part.status !== 'True'));
  if (bad === undefined) return { type: 'Ready', status: 'True', reason: 'Ready', message: whenTrue };
  const status = bad.status === 'Unknown' ? 'Unknown' : 'False';
  return { type: 'Ready', status, reason: bad.reason, message: bad.message };
}

function negative(type: string): boolean {
  return type === 'Conflicted' || type === 'PartiallyInvalid' || type === 'Stalled';
}
