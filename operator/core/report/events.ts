import type { EventNote } from '../model/report.ts';
import type { Condition, ObjectMeta } from '../model/snapshot.ts';

interface Transition {
  readonly kind: EventNote['kind'];
  readonly meta: ObjectMeta;
  readonly before: readonly Condition[];
  readonly after: readonly Condition[];
}

/** Events stand for transitions only, never for a retry. */
export function transitions(of: Transition): readonly EventNote[] {
  return [...readiness(of), ...blockedDeletion(of)];
}

/** A deletion that waits for a person. */
function blockedDeletion(of: Transition): readonly EventNote[] {
  const before = of.before.find((condition) => condition.type === 'Deleting');
  const after = of.after.find((condition) => condition.type === 'Deleting');
  if (after === undefined || passing.has(after.reason) || before?.reason === after.reason) return [];
  const { namespace, name, uid } = of.meta;
  return [{ kind: of.kind, namespace, name, uid, type: 'Warning', reason: 'DeletionBlocked', message: after.message }];
}

/** A Ready that was won or lost, or that is lost for another reason. */
function readiness(of: Transition): readonly EventNote[] {
  const before = of.before.find((condition) => condition.type === 'Ready');
  const after = of.after.find((condition) => condition.type === 'Ready');
  if (after === undefined || (before?.status === after.status && before.reason === after.reason)) return [];
  // on its way is not news
  if (after.status !== 'True' && passing.has(after.reason)) return [];
  const { namespace, name, uid } = of.meta;
  const type = after.status === 'True' ? 'Normal' : 'Warning';
  const reason = after.status === 'True' ? (of.kind === 'ServiceRoute' ? 'Attached' : 'BalancerCreated') : after.reason;
  if (after.status === 'True' && before !== undefined && before.status === 'True') return [];
  return [{ kind: of.kind, namespace, name, uid, type, reason, message: after.message }];
}

const passing = new Set(['Pending', 'BalancerBusy', 'WaitingForCloud']);
