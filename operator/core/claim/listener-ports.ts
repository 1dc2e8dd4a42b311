import type { BalancerIntent } from '../model/intents.ts';
import { httpListenerKey } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen } from '../model/seen.ts';
import type { Ledger } from './ledger.ts';
import { listenerFault } from './rule-fault.ts';

export type ListenerRefusal = { readonly listener: string; readonly problem: Problem };

interface Input {
  readonly ledger: Ledger;
  readonly balancer: BalancerIntent;
  readonly seen: Seen;
}

/** Ports that no route can have: those on which listeners of somebody else stand, or of the admin. */
export function reserveStandingPorts({ ledger, balancer, seen }: Input): void {
  const ofAdmin = new Map(balancer.listeners.map(({ name }) => [httpListenerKey(name), name]));
  for (const { id, tags, protocol, port } of seen.listeners) {
    const name = tags === undefined ? `foreign ${id}` : ofAdmin.get(tags.key);
    if (name !== undefined) ledger.ports.set(`${portSpace(protocol)} ${port}`, admins(name));
  }
}

/** An admin's listener claims its port like everybody: a route that has it keeps it. After the incumbents, before newcomers. */
export function claimListenerPorts({ ledger, balancer, seen }: Input): readonly ListenerRefusal[] {
  const ofAdmin = new Set(balancer.listeners.map(({ name }) => name));
  return balancer.listeners.flatMap((listener): readonly ListenerRefusal[] => {
    const { name, port } = listener;
    const holder = ledger.ports.get(`TCP ${port}`);
    const fault = listenerFault(listener, { balancer, seen });
    if (holder !== undefined && (holder.owner !== undefined || !ofAdmin.has(holder.rule)))
      return [{ listener: name, problem: portTaken(name, port, holder.owner === undefined) }];
    ledger.ports.set(`TCP ${port}`, admins(name));
    return fault === undefined ? [] : [{ listener: name, problem: fault }];
  });
}

/** Listeners that cannot be and are not there: what asks for them has to wait. */
export function absentListeners(refusals: readonly ListenerRefusal[], { listeners }: Seen): ReadonlySet<string> {
  const standing = new Set<string | undefined>(listeners.map(({ tags }) => tags?.key));
  return new Set(refusals.map(({ listener }) => listener).filter((name) => !standing.has(httpListenerKey(name))));
}

function admins(listener: string) {
  return { owner: undefined, namespace: undefined, rule: listener };
}

function portTaken(listener: string, port: number, foreign: boolean): Problem {
  const [who, fix] = foreign
    ? ['a listener that is not ours', 'remove that one']
    : ['a route', 'take the port from its namespace by attachment.ports'];
  return {
    reason: 'PortConflict',
    message: `Port ${port} is held by ${who}. Choose another port for listener ${listener}, or ${fix}.`,
  };
}

/** HTTP, TERMINATED_HTTPS and all the others run on TCP. */
function portSpace(protocol: string): 'TCP' | 'UDP' | 'SCTP' {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}
