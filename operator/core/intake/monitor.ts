import type { MonitorIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { HealthMonitorSpec } from '../model/route-spec.ts';
import type { PoolKind } from './backend-policy.ts';
import { unsafe } from './safe-strings.ts';

const builtIn = { delay: 5000, timeout: 3000, maxRetries: 1, maxRetriesDown: 3 } as const;

/** What watches members when nobody says anything. */
export function defaultMonitor(kind: PoolKind, localHealth: boolean): HealthMonitorSpec {
  // kube-proxy's own word whether a node has a ready Pod; Octavia lets UDP and SCTP members be asked by HTTP too
  if (localHealth) return { type: 'HTTP', path: '/healthz' };
  switch (kind) {
    case 'HTTP':
    case 'TCP':
      return { type: 'TCP' };
    case 'UDP':
      return { type: 'UDPConnect' };
    case 'SCTP':
      return { type: 'SCTP' };
  }
}

/** Octavia's table: which monitors it has for which pools. */
export function monitorFits(type: HealthMonitorSpec['type'], kind: PoolKind): boolean {
  return type === 'None' || (kind === 'UDP' || kind === 'SCTP' ? onDatagrams : onStreams).includes(type);
}

const onDatagrams: readonly HealthMonitorSpec['type'][] = ['UDPConnect', 'SCTP', 'TCP', 'HTTP'];
const onStreams: readonly HealthMonitorSpec['type'][] = ['TCP', 'HTTP', 'HTTPS', 'TLSHello', 'Ping'];

const lateProbe = 'healthMonitor.timeout must not exceed healthMonitor.delay. Lower one or raise the other.';

/** `late`: how a probe that lasts too long is told. */
export function monitorIntent(
  spec: HealthMonitorSpec,
  late = lateProbe,
): {
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
  const badTiming = timing.timeout > timing.delay ? invalid(late) : undefined;
  if (spec.type !== 'HTTP' && spec.type !== 'HTTPS')
    return { monitor: { type: spec.type, ...timing }, problem: badTiming };
  const http = {
    path: spec.path ?? '/',
    method: spec.method ?? 'GET',
    version: spec.version ?? '1.0',
    host: spec.host,
    expectedCodes: spec.expectedCodes ?? '200',
  } as const;
  return { monitor: { type: spec.type, ...timing, ...http }, problem: badTiming ?? httpProblem(http) };
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
