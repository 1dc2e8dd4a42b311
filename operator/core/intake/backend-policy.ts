import type { MonitorIntent, PoolIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { BackendPolicySpec, HealthMonitorSpec } from '../model/route-spec.ts';
import { unsafe } from './safe-strings.ts';

/** Nearest word first: rule, route, balancer, then what is built in. Field by field; a health monitor is one field. */
export function inheritPolicy(
  chain: readonly BackendPolicySpec[],
): Omit<PoolIntent, 'backends'> & { readonly problem: Problem | undefined } {
  const first = <Field extends keyof BackendPolicySpec>(field: Field): BackendPolicySpec[Field] =>
    chain.find((policy) => policy[field] !== undefined)?.[field];
  const { monitor, problem } = monitorIntent(first('healthMonitor') ?? { type: 'TCP' });
  return {
    algorithm: first('algorithm') ?? 'RoundRobin',
    monitor,
    maxNodes: first('maxNodes'),
    persistence: first('sessionPersistence'),
    proxyProtocol: first('proxyProtocol') ?? 'None',
    drainTimeout: first('drainTimeout') ?? builtInDrain,
    problem,
  };
}

const builtInDrain = 30_000;
const builtIn = { delay: 5000, timeout: 3000, maxRetries: 1, maxRetriesDown: 3 } as const;

function monitorIntent(spec: HealthMonitorSpec): {
  readonly monitor: MonitorIntent;
  readonly problem: Problem | undefined;
} {
  if (spec.type === 'None') return { monitor: { type: 'None' }, problem: undefined };
  const delay = spec.delay ?? builtIn.delay;
  const timing = {
    delay,
    // a short delay alone must not make the default timeout illegal
    timeout: spec.timeout ?? Math.min(builtIn.timeout, delay),
    maxRetries: spec.maxRetries ?? builtIn.maxRetries,
    maxRetriesDown: spec.maxRetriesDown ?? builtIn.maxRetriesDown,
  };
  const late =
    timing.timeout > timing.delay
      ? invalid('healthMonitor.timeout must not exceed healthMonitor.delay. Lower one or raise the other.')
      : undefined;
  if (spec.type !== 'HTTP' && spec.type !== 'HTTPS') return { monitor: { type: spec.type, ...timing }, problem: late };
  const http = {
    path: spec.path ?? '/',
    method: spec.method ?? 'GET',
    version: spec.version ?? '1.0',
    host: spec.host,
    expectedCodes: spec.expectedCodes ?? '200',
  } as const;
  return { monitor: { type: spec.type, ...timing, ...http }, problem: late ?? httpProblem(http) };
}

function httpProblem(http: {
  readonly path: string;
  readonly version: string;
  readonly host: string | undefined;
  readonly expectedCodes: string;
}): Problem | undefined {
  if (http.host !== undefined && http.version !== '1.1')
    return invalid('healthMonitor.host needs healthMonitor.version 1.1. Set it.');
  if (!/^(\d{3}(,\d{3})*|\d{3}-\d{3})$/.test(http.expectedCodes))
    return invalid('healthMonitor.expectedCodes is a code, a list like 200,202 or one range like 200-204.');
  return (
    unsafe('path', 'healthMonitor.path', http.path) ??
    (http.host === undefined ? undefined : unsafe('hostname', 'healthMonitor.host', http.host))
  );
}

function invalid(message: string): Problem {
  return { reason: 'Invalid', message };
}
