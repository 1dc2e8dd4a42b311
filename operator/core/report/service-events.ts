import { ownPrefix } from '../model/foreign-words.ts';
import type { Problem } from '../model/reason.ts';
import type { EventNote, ServiceStatus } from '../model/report.ts';
import type { Condition, RouteObject } from '../model/snapshot.ts';
import { byItself } from './conditions.ts';
import { note } from './events.ts';

/** What `kubectl describe service` shows: conditions that turned, each once. */
export function serviceEvents(
  { kind, meta, status }: RouteObject,
  told: ServiceStatus,
  remarks: readonly Problem[],
): readonly EventNote[] {
  const notes = (told.conditions ?? []).flatMap((after) => {
    const type = after.type.slice(ownPrefix.length);
    const before = status.conditions.find((condition) => condition.type === type);
    return turned(type, before, after).map((said) => note({ kind, meta }, said));
  });
  const accepted = told.conditions?.find(({ type }) => type === `${ownPrefix}Accepted`);
  const before = status.conditions.find(({ type }) => type === 'Accepted');
  return [
    // what keeps it from being accepted keeps it from being programmed too
    ...notes.filter((one, at) => notes.findIndex(({ reason }) => reason === one.reason) === at),
    ...(accepted === undefined ? [] : remarked(before, accepted, remarks)).map((said) => note({ kind, meta }, said)),
  ];
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

/** What it asks for and does not get stands behind its acceptance: each sentence that was not there before. */
function remarked(
  before: Condition | undefined,
  { status, message }: Condition,
  remarks: readonly Problem[],
): readonly Pick<EventNote, 'type' | 'reason' | 'message'>[] {
  if (status !== 'True' || before?.message === message) return [];
  return remarks
    .filter((remark) => before?.status !== 'True' || !before.message.includes(remark.message))
    .map(({ reason, message: sentence }) => ({ type: 'Warning', reason, message: sentence }));
}
