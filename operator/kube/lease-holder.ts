import { z } from 'zod';
import { type Clock, pause } from './clock.ts';
import { apiPath } from './kube-object.ts';
import { hasStatus, type Kube } from './kube-request.ts';

/** Whether somebody leads: `free` is a Lease that nobody renews, `absent` none at all. */
export type LeaseState =
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'free' }
  | { readonly kind: 'absent' };

export interface LeaseQuestion {
  readonly kube: Pick<Kube, 'json'>;
  readonly namespace: string;
  readonly name: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const leaseSchema = z.object({
  spec: z.looseObject({
    holderIdentity: z.string().optional(),
    leaseDurationSeconds: z.number().optional(),
  }),
});
const lookEveryMs = 1_000;
/** A standby takes a Lease that was given back within three seconds. */
const shortestLookMs = 5_000;

/**
 * Asks without taking part. A holder is alive when its record changes while we look, as the election judges it: the times in a Lease are of another machine's clock.
 * So a Lease whose holder died is looked at for as long as it lasts.
 */
export async function leaseState(question: LeaseQuestion): Promise<LeaseState> {
  const { clock, signal } = question;
  const first = await read(question);
  if (first === undefined) return { kind: 'absent' };
  const until = clock.now() + Math.max((first.leaseDurationSeconds ?? 0) * 1_000, shortestLookMs);
  while (clock.now() < until) {
    await pause(clock, lookEveryMs, signal);
    signal.throwIfAborted();
    const now = await read(question);
    if (now === undefined) return { kind: 'absent' };
    const holder = now.holderIdentity ?? '';
    if (holder !== '' && JSON.stringify(now) !== JSON.stringify(first)) return { kind: 'held', by: holder };
  }
  return { kind: 'free' };
}

async function read({
  kube,
  namespace,
  name,
  signal,
}: LeaseQuestion): Promise<z.infer<typeof leaseSchema>['spec'] | undefined> {
  const path = `${apiPath('coordination.k8s.io/v1', 'leases', namespace)}/${name}`;
  try {
    return leaseSchema.parse(await kube.json({ method: 'GET', path, signal })).spec;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
