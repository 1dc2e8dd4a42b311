import { expect, test } from '@jest/globals';
import type { EventNote } from '../core/model/report.ts';
import { type Clock, systemClock } from './clock.ts';
import type { KubeRequest } from './kube-request.ts';
import { writeEvent } from './write-event.ts';

const note: EventNote = {
  kind: 'Ingress',
  namespace: 'team-a',
  name: 'shop',
  uid: 'u',
  type: 'Warning',
  reason: 'UnsafeString',
  message: 'character "é"',
};

/** What of an event its object can stretch. */
async function written(of: Partial<EventNote>): Promise<{ readonly name: string; readonly note: string }> {
  const sent: KubeRequest[] = [];
  const json = (request: KubeRequest): Promise<unknown> => Promise.resolve(sent.push(request));
  const clock: Clock = { ...systemClock, wall: () => new Date(0), now: () => 0 };
  await writeEvent({ kube: { json }, clock, identity: 'me' }, { ...note, ...of }, new AbortController().signal);
  const body = sent[0]?.body as { readonly metadata: { readonly name: string }; readonly note: string };
  return { name: body.metadata.name.replace(/\.[0-9a-f]{16}$/, ''), note: body.note };
}

test('an event of a short object says all of it', async () => {
  expect(await written({})).toEqual({ name: 'shop', note: 'character "é"' });
});

test('a note is cut by bytes, as the API server counts them, and not within a character', async () => {
  expect(await written({ message: 'é'.repeat(1000) })).toEqual({ name: 'shop', note: 'é'.repeat(500) });
  expect(await written({ message: `a${'é'.repeat(1000)}` })).toEqual({ name: 'shop', note: `a${'é'.repeat(499)}` });
});

test('a long name is cut where a name may end', async () => {
  const name = `${'a'.repeat(198)}.-x.example`;
  expect(await written({ name })).toEqual({ name: 'a'.repeat(198), note: note.message });
});
