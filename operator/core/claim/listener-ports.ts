import type { BalancerIntent } from '../model/intents.ts';
import { httpListenerKey } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { Evidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';

export type ListenerRefusal = { readonly listener: string; readonly problem: Problem };

/** An admin's listener claims its port like everybody: a route that is programmed there keeps it. */
export function refusedListeners({ listeners }: BalancerIntent, proof: Evidence): readonly ListenerRefusal[] {
  return listeners
    .filter((listener) => proof.ownerOfPort(listener.port) !== undefined)
    .map((listener) => ({
      listener: listener.name,
      problem: {
        reason: 'PortConflict',
        message: `Port ${listener.port} is held by a route. Choose another port for listener ${listener.name}, or have the route removed.`,
      },
    }));
}

/** Ports that no route can have: those of the admin's listeners, and of listeners that somebody else put on the balancer. */
export function reservePorts(of: {
  readonly ledger: Ledger;
  readonly balancer: BalancerIntent;
  readonly refusals: readonly ListenerRefusal[];
  readonly seen: Seen;
}): void {
  const refused = new Set(of.refusals.map((refusal) => refusal.listener));
  for (const listener of of.balancer.listeners)
    if (!refused.has(listener.name)) of.ledger.ports.set(listener.port, httpListenerKey(listener.name));
  for (const listener of of.seen.listeners)
    if (listener.tags === undefined && sharesPorts(listener.protocol))
      of.ledger.ports.set(listener.port, `foreign ${listener.id}`);
}

function sharesPorts(protocol: string): boolean {
  return protocol !== 'UDP' && protocol !== 'SCTP';
}
