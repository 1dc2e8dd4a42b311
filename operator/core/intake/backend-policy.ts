import type { Problem } from '../model/reason.ts';
import type { BackendPolicySpec, PersistenceSpec } from '../model/route-spec.ts';
import type { L4Protocol } from '../model/terms.ts';
import { monitorFits } from './monitor.ts';

/** What a pool's members speak, before a PROXY header is put in front of it. */
export type PoolKind = 'HTTP' | L4Protocol;

/**
 * Nearest word first: rule, route, balancer; field by field, a monitor or persistence is one field. What a route says itself
 * must fit its protocol. A balancer's default is said for all routes at once, so where it cannot fit it says nothing.
 */
export function inheritPolicy(
  own: readonly BackendPolicySpec[],
  defaults: BackendPolicySpec,
  kind: PoolKind,
): { readonly policy: BackendPolicySpec; readonly problem: Problem | undefined } {
  const policy = merged([...own, fitting(defaults, kind)]);
  return { policy, problem: misfits(merged(own), kind)[0]?.problem };
}

/** The first object in the chain that says a field is heard. */
function merged(chain: readonly BackendPolicySpec[]): BackendPolicySpec {
  return Object.fromEntries(chain.toReversed().flatMap(said));
}

function said(policy: BackendPolicySpec): readonly (readonly [string, unknown])[] {
  return Object.entries(policy).filter(([, value]) => value !== undefined);
}

function fitting(policy: BackendPolicySpec, kind: PoolKind): BackendPolicySpec {
  const wrong = new Set<string>(misfits(policy, kind).map(({ field }) => field));
  return Object.fromEntries(Object.entries(policy).filter(([field]) => !wrong.has(field)));
}

interface Misfit {
  readonly field: keyof BackendPolicySpec;
  readonly problem: Problem;
}

function misfits(policy: BackendPolicySpec, kind: PoolKind): readonly Misfit[] {
  const { sessionPersistence, proxyProtocol = 'None', healthMonitor } = policy;
  const persistence = sessionPersistence === undefined ? undefined : persistenceProblem(sessionPersistence, kind);
  const found: readonly (Misfit | undefined)[] = [
    persistence === undefined ? undefined : { field: 'sessionPersistence', problem: persistence },
    proxyProtocol === 'None' || kind === 'HTTP' || kind === 'TCP'
      ? undefined
      : {
          field: 'proxyProtocol',
          problem: unsupported(`proxyProtocol: ${kind} has no PROXY header. Leave it out, or use TCP or http.`),
        },
    healthMonitor === undefined || monitorFits(healthMonitor.type, kind)
      ? undefined
      : {
          field: 'healthMonitor',
          problem: unsupported(
            `healthMonitor.type: Octavia has no ${healthMonitor.type} monitor for ${kind} backends. Choose another type, or leave it out.`,
          ),
        },
  ];
  return found.flatMap((misfit) => misfit ?? []);
}

function persistenceProblem({ type, cookieName, timeout }: PersistenceSpec, kind: PoolKind): Problem | undefined {
  const cookie = type === 'HTTPCookie' || type === 'AppCookie';
  if (cookie && kind !== 'HTTP')
    return unsupported(`sessionPersistence.type: ${type} needs http; l4 has no cookies. Use SourceIP.`);
  if (timeout !== undefined && kind !== 'UDP' && kind !== 'SCTP')
    return unsupported('sessionPersistence.timeout: Octavia has it for UDP and SCTP only. Leave it out.');
  if ((type === 'AppCookie') !== (cookieName !== undefined))
    return { reason: 'Invalid', message: 'sessionPersistence.cookieName belongs to AppCookie. Set both or neither.' };
  if (cookieName !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(cookieName))
    return {
      reason: 'UnsafeString',
      message: `sessionPersistence.cookieName: ${JSON.stringify(cookieName)} would reach the HAProxy configuration. Use letters, digits, _ . and -, 64 at most.`,
    };
  return undefined;
}

function unsupported(message: string): Problem {
  return { reason: 'UnsupportedValue', message };
}
