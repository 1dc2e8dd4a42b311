import type { LoggedCall } from '../fake-openstack/calls.ts';
import { isWrite } from '../fake-openstack/calls.ts';

/** From one write until the next could be sent. */
export interface CycleSeen {
  readonly seconds: number;
  readonly reads: number;
}

/** The cycles between the writes of one plan; of the last write nobody knows when the next could have been sent. */
export function cyclesOf(calls: readonly Pick<LoggedCall, 'at' | 'service' | 'method'>[]): readonly CycleSeen[] {
  const places = calls.flatMap((call, at) => (isWrite(call) ? [at] : []));
  return places.slice(1).map((at, index) => {
    const before = places[index] ?? 0;
    const [from, to] = [calls[before]?.at ?? 0, calls[at]?.at ?? 0];
    return { seconds: (to - from) / 1000, reads: at - before - 1 };
  });
}
