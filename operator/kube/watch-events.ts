import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from './clock.ts';
import { KubeError } from './kube-request.ts';
import type { KubeObject } from './kube-object.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

/** The state that we would go on from is too old: everything has to be listed again. */
export function isExpired(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

/**
 * The events of one watch, until the API server ends it. Throws when nothing came for `inactivityMs` (bookmarks come about every
 * minute, so a silent watch is a dead connection that nobody closed), and for the ERROR event.
 */
export async function* watchEvents(
  body: Readable,
  { clock, inactivityMs }: { readonly clock: Clock; readonly inactivityMs: number },
): AsyncGenerator<WatchEvent> {
  const silent = (): void => {
    body.destroy(new Error(`nothing came for ${inactivityMs} ms`));
  };
  let cancel = clock.after(inactivityMs, silent);
  body.on('data', () => {
    cancel();
    cancel = clock.after(inactivityMs, silent);
  });
  // readline ends quietly when its input breaks; the cause stands on the stream
  let broken: Error | undefined;
  body.on('error', (error) => {
    broken = error;
  });
  const lines = createInterface({ input: body, crlfDelay: Infinity });
  // readline waits for an end, which a body that is closed without a word never has
  body.once('close', () => lines.close());
  try {
    for await (const line of lines) yield parseEvent(line);
    if (broken !== undefined) throw broken;
  } finally {
    cancel();
    body.destroy();
  }
}

function parseEvent(line: string): WatchEvent {
  const event = JSON.parse(line) as WatchEvent | { readonly type: 'ERROR'; readonly object: StatusObject };
  if (event.type !== 'ERROR') return event;
  const { code, reason, message } = event.object;
  throw new KubeError({ status: code, reason, message: message ?? 'the watch ended with an error' });
}

interface StatusObject {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}
