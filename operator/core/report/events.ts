import type { EventNote } from '../model/report.ts';
import type { Condition, ObjectMeta } from '../model/snapshot.ts';
import { byItself, waitsForPause } from './conditions.ts';

export interface Transition {
  readonly kind: EventNote['kind'];
  readonly meta: ObjectMeta;
  readonly before: readonly Condition[];
  readonly after: readonly Condition[];
  /** Of a route: what its balancer is told of itself. */
  readonly balancer?: readonly Condition[] | undefined;
}

/** Events stand for transitions only, never for a retry. */
export function transitions(of: Transition): readonly EventNote[] {
  return [...readiness(of), ...detachment(of), ...badRules(of), ...pause(of), ...repair(of), ...blockedDeletion(of)];
}

export function note(
  { kind, meta }: Pick<Transition, 'kind' | 'meta'>,
  said: Pick<EventNote, 'type' | 'reason' | 'message'>,
): EventNote {
  const { namespace, name, uid } = meta;
  return { kind, namespace, name, uid, ...said };
}

function find(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** A Ready that was won or lost, or that is lost for another reason. */
function readiness(of: Transition): readonly EventNote[] {
  const before = find(of.before, 'Ready');
  const after = find(of.after, 'Ready');
  if (after === undefined || (before?.status === after.status && before.reason === after.reason)) return [];
  const { reason, message } = after;
  if (after.status === 'True')
    return of.kind === 'ServiceRoute' && !broadcast.has(before?.reason ?? '')
      ? [note(of, { type: 'Normal', reason: 'Attached', message })]
      : [];
  // what the balancer is told already is not told once more to each of its routes
  if (find(of.balancer ?? [], 'Ready')?.message === message) return [];
  // on its way is not news, a pause is told as such, and so are bad rules
  if (byItself.has(reason) ? !worthTelling.has(reason) : waitsForPause.has(reason) || reason === 'PartiallyInvalid')
    return [];
  return [note(of, { type: 'Warning', reason, message })];
}

/** What befalls all routes of a balancer together, and what they all come back from. */
const broadcast: ReadonlySet<string> = new Set(['LoadBalancerMissing', 'ProvisioningError', 'ProvisioningStuck']);

/** They end by themselves, and yet somebody may want to know. */
const worthTelling: ReadonlySet<string> = new Set(['CloudUnavailable', 'LoadBalancerMissing', 'NoReadyNodes']);

/** A route that was served and is not admitted any more. */
function detachment(of: Transition): readonly EventNote[] {
  if (of.kind !== 'ServiceRoute') return [];
  const served = find(of.before, 'Programmed')?.status === 'True';
  const accepted = find(of.after, 'Accepted');
  const gone = accepted?.status === 'False' && find(of.after, 'Programmed')?.status !== 'True';
  if (!served || !gone) return [];
  return [note(of, { type: 'Normal', reason: 'Detached', message: `Not served any more: ${accepted.message}` })];
}

function badRules(of: Transition): readonly EventNote[] {
  const before = find(of.before, 'PartiallyInvalid');
  const after = find(of.after, 'PartiallyInvalid');
  if (after === undefined || before?.message === after.message) return [];
  const reason = after.message.startsWith('Held') ? 'RuleHeld' : 'RuleDropped';
  return [note(of, { type: 'Warning', reason, message: after.message })];
}

function pause(of: Transition): readonly EventNote[] {
  const before = find(of.before, 'Paused');
  const after = find(of.after, 'Paused');
  // one event on the balancer says it for all of its routes
  if ([before, after].some((one) => one?.reason === 'BalancerPaused')) return [];
  if (before === undefined && after !== undefined)
    return [note(of, { type: 'Normal', reason: 'Paused', message: after.message })];
  if (before !== undefined && after === undefined)
    return [note(of, { type: 'Normal', reason: 'Resumed', message: 'Writes go on.' })];
  return [];
}

function repair(of: Transition): readonly EventNote[] {
  const before = find(of.before, 'DriftDetected');
  if (before?.reason !== 'Repairing' || find(of.after, 'DriftDetected') !== undefined) return [];
  return [note(of, { type: 'Normal', reason: 'DriftRepaired', message: before.message })];
}

/** A deletion that waits for a person. */
function blockedDeletion(of: Transition): readonly EventNote[] {
  const before = find(of.before, 'Deleting');
  const after = find(of.after, 'Deleting');
  if (after === undefined || byItself.has(after.reason) || before?.reason === after.reason) return [];
  return [note(of, { type: 'Warning', reason: 'DeletionBlocked', message: after.message })];
}
