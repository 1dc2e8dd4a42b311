import { createHash } from 'node:crypto';
import type { EventNote } from '../core/model/report.ts';
import { type Clock, microTime } from './clock.ts';
import type { Kube } from './kube-request.ts';
import { apiVersions } from './write-status.ts';

/** What `kubectl describe` shows below an object. A new name for each: transitions are few and none may hide another. */
export async function writeEvent(
  { kube, clock, identity }: { readonly kube: Pick<Kube, 'json'>; readonly clock: Clock; readonly identity: string },
  note: EventNote,
  signal: AbortSignal,
): Promise<void> {
  const time = microTime(clock.wall());
  const unique = createHash('sha256')
    .update(JSON.stringify([note, time, clock.now()]))
    .digest('hex')
    .slice(0, 16);
  await kube.json({
    method: 'POST',
    path: `/apis/events.k8s.io/v1/namespaces/${note.namespace}/events`,
    body: {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: `${labelsOf(note.name)}.${unique}`, namespace: note.namespace },
      eventTime: time,
      reportingController: 'octopool.dev/operator',
      reportingInstance: identity.slice(0, 128),
      action: 'Reconcile',
      reason: note.reason,
      type: note.type,
      note: inBytes(note.message),
      regarding: {
        apiVersion: note.kind === 'Node' ? 'v1' : apiVersions[note.kind],
        kind: note.kind,
        ...(note.kind === 'Node' ? {} : { namespace: note.namespace }),
        name: note.name,
        uid: note.uid,
      },
    },
    signal,
  });
}

/** Cut where it may end: no part of a name ends with a dash or is empty. */
function labelsOf(name: string): string {
  return name.slice(0, 200).replace(/[^a-z0-9]+$/, '');
}

/** The API server takes 1024 bytes. What is cut in two at the end is left out. */
function inBytes(message: string): string {
  const bytes = Buffer.from(message);
  return bytes.length <= 1000
    ? message
    : bytes
        .subarray(0, 1000)
        .toString()
        .replace(/\uFFFD+$/, '');
}
