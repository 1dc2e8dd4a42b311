import type { MonitorBody, MonitorType } from '../model/body.ts';
import { displayName } from '../model/display-name.ts';
import type { MonitorIntent } from '../model/intents.ts';
import { monitorKey, poolKey } from '../model/key.ts';
import { bodyHash } from '../model/tags.ts';
import type { WantedMonitor } from '../model/wanted.ts';
import type { Pooled, PoolsInput } from './pools.ts';

/** The monitor of a pool; none when none is asked for. */
export function wantedMonitor(of: Pooled, { intents, digest }: PoolsInput): readonly WantedMonitor[] {
  const { owner, rule, pool } = of;
  const { monitor, protocol } = pool;
  if (monitor.type === 'None') return [];
  const key = monitorKey(owner, rule, protocol);
  const body: MonitorBody = {
    name: displayName(of.name, key, digest),
    delay: monitor.delay / 1000,
    timeout: monitor.timeout / 1000,
    maxRetries: monitor.maxRetries,
    maxRetriesDown: monitor.maxRetriesDown,
    http: httpMonitor(monitor),
  };
  const type = monitorNames[monitor.type];
  const { cluster, uid } = intents.balancer;
  const tags = { cluster, balancer: uid, key, hash: bodyHash([body, type], digest) };
  return [{ ...body, key, tags, pool: poolKey(owner, rule, protocol), type }];
}

const monitorNames: Readonly<Record<Exclude<MonitorIntent['type'], 'None'>, MonitorType>> = {
  TCP: 'TCP',
  HTTP: 'HTTP',
  HTTPS: 'HTTPS',
  TLSHello: 'TLS-HELLO',
  UDPConnect: 'UDP-CONNECT',
  SCTP: 'SCTP',
  Ping: 'PING',
};

function httpMonitor(monitor: MonitorIntent): MonitorBody['http'] {
  if (monitor.type !== 'HTTP' && monitor.type !== 'HTTPS') return undefined;
  const { path, method, host, expectedCodes } = monitor;
  return { path, method, version: monitor.version === '1.1' ? 1.1 : 1.0, host, expectedCodes };
}
