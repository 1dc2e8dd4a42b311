import type { Attachment } from '../model/balancer-spec.ts';
import { oneLabelBelow, shownHostname } from '../model/hostname.ts';
import type { Problem } from '../model/reason.ts';
import type { Unit } from '../model/verdict.ts';

/** How a namespace comes by a name or a port. */
export type Grant =
  /** An entry of the balancer gives it to this namespace, and perhaps to others beside it. */
  | { readonly kind: 'delegated' }
  /** No entry speaks of it: first come, first served. */
  | { readonly kind: 'open' }
  | { readonly kind: 'denied'; readonly problem: Problem };

/** The balancer's word on the name or port of one unit; the balancer's own namespace is no exception. */
export function grantOf(unit: Unit, namespace: string, attachment: Attachment): Grant {
  return unit.kind === 'http'
    ? hostnameGrant(unit.hostname, namespace, attachment)
    : portGrant(unit.protocol, unit.port, { namespace, attachment });
}

export function hostnameGrant(hostname: string, namespace: string, { hostnames, undelegated }: Attachment): Grant {
  const covering = hostnames.filter(({ pattern }) => covers(pattern, hostname));
  // `*` would catch what everybody else forgot, so it is never first come
  const open = undelegated === 'FirstClaim' && hostname !== '*';
  return (
    decide(
      mostSpecific(covering, ({ pattern }) => specificity(pattern)),
      namespace,
      open,
    ) ??
    denied(
      'HostnameNotDelegated',
      `Hostname ${shownHostname(hostname)} is not delegated to this namespace. Ask the platform team, or use a delegated name.`,
    )
  );
}

/** Of overlapping ranges the narrowest decides, as the longest pattern does for names. */
function portGrant(
  protocol: Attachment['ports'][number]['protocols'][number],
  port: number,
  { namespace, attachment }: { readonly namespace: string; readonly attachment: Attachment },
): Grant {
  const covering = attachment.ports.filter(
    ({ start, end, protocols }) => start <= port && port <= end && protocols.includes(protocol),
  );
  const open = attachment.undelegated === 'FirstClaim';
  return (
    decide(
      mostSpecific(covering, ({ start, end }) => start - end),
      namespace,
      open,
    ) ??
    denied(
      'PortNotDelegated',
      `Port ${protocol} ${port} is not delegated to this namespace. Ask the platform team, or use a delegated port.`,
    )
  );
}

/** undefined: denied. */
function decide(
  entries: readonly { readonly namespaces: readonly string[] }[],
  namespace: string,
  open: boolean,
): Grant | undefined {
  if (entries.length === 0) return open ? { kind: 'open' } : undefined;
  return entries.some(({ namespaces }) => namespaces.includes(namespace)) ? { kind: 'delegated' } : undefined;
}

function denied(reason: 'HostnameNotDelegated' | 'PortNotDelegated', message: string): Grant {
  return { kind: 'denied', problem: { reason, message } };
}

/** Entries that are equally specific speak together. */
function mostSpecific<Entry>(entries: readonly Entry[], rank: (entry: Entry) => number): readonly Entry[] {
  const best = Math.max(...entries.map(rank));
  return entries.filter((entry) => rank(entry) === best);
}

/** `*.x` covers every depth below x, one label below x, and itself, never x; `*` covers all. */
function covers(pattern: string, hostname: string): boolean {
  if (pattern === '*' || pattern === hostname) return true;
  return pattern.startsWith('*.') && hostname.endsWith(pattern.slice(1));
}

/** Exact before any wildcard, a longer wildcard before a shorter one, `*` last. */
function specificity(pattern: string): number {
  return pattern.startsWith('*') ? pattern.length : Number.MAX_SAFE_INTEGER;
}

/** Other wildcards with names of this one below them, nearest first: `+.b.x`, `*.b.x` and `*.x` for `a.b.x`. `+.x` and `*.x` share names. */
export function wildcardsAbove(hostname: string): readonly string[] {
  const [, ...labels] = hostname.split('.');
  if (labels.length === 0) return [];
  const deep = labels.map((_, at) => `*.${labels.slice(at).join('.')}`);
  return [oneLabelBelow(labels.join('.')), ...deep].filter((wildcard) => wildcard !== hostname);
}
