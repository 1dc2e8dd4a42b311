import type { EventNote, ServiceStatus } from '../model/report.ts';
import type { Condition, RouteObject } from '../model/snapshot.ts';
import { byItself } from './conditions.ts';
import { note } from './events.ts';
import { conditionPrefix } from './service-conditions.ts';

/** What `kubectl describe service` shows: conditions that turned, each once. */
export function serviceEvents({ kind, meta, status }: RouteObject, told: ServiceStatus): readonly EventNote[] {
  const notes = (told.conditions ?? []).flatMap((after) => {
    const type = after.type.slice(conditionPrefix.length);
    const before = status.conditions.find((condition) => condition.type === type);
    return [...turned(type, before, after), ...remarked(type, before, after)].map((said) => note({ kind, meta }, said));
  });
  // what keeps it from being accepted keeps it from being programmed too
  return notes.filter((one, at) => notes.findIndex(({ reason }) => reason === one.reason) === at);
}

function turned(
  type: string,
  before: Condition | undefined,
  { status, reason, message }: Condition,
): readonly Pick<EventNote, 'type' | 'reason' | 'message'>[] {
  if (before?.status === status && before.reason === reason) return [];
  if (type === 'Programmed' && status === 'True' && before?.status !== 'True')
    return [{ type: 'Normal', reason: 'Attached', message }];
  if (status !== 'False' || byItself.has(reason)) return [];
  return [{ type: 'Warning', reason, message }];
}

/** What it asks for and does not get stands in Accepted, behind the first full stop. */
function remarked(
  type: string,
  before: Condition | undefined,
  { status, message }: Condition,
): readonly Pick<EventNote, 'type' | 'reason' | 'message'>[] {
  if (type !== 'Accepted' || status !== 'True' || before?.message === message) return [];
  const at = message.indexOf('. ');
  return at < 0 ? [] : [{ type: 'Warning', reason: 'LoadBalancerWideSetting', message: message.slice(at + 2) }];
}
