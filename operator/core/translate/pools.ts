import type { Digest } from '../model/brand.ts';
import type { MonitorBody, MonitorType, PoolBody } from '../model/body.ts';
import { cutMiddle, displayName } from '../model/display-name.ts';
import type { Intents, MonitorIntent, PoolIntent, RuleIntent, Source } from '../model/intents.ts';
import { type Key, monitorKey, poolKey } from '../model/key.ts';
import type { Seen, SeenPool } from '../model/seen.ts';
import type { Algorithm } from '../model/route-spec.ts';
import { bodyHash } from '../model/tags.ts';
import type { Claims } from '../model/verdict.ts';
import type { WantedMonitor, WantedPool } from '../model/wanted.ts';
import { wantedMembers } from './members.ts';

interface Input {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly digest: Digest;
}

/** One pool for every rule that holds at least one unit, shared by all its listeners; with its monitor. */
export function wantedPools(input: Input): {
  readonly pools: readonly WantedPool[];
  readonly monitors: readonly WantedMonitor[];
} {
  const held = new Set(input.claims.held.map(({ unit }) => `${unit.owner} ${unit.rule}`));
  const there = new Map(input.seen.pools.map((pool) => [pool.tags?.key, pool]));
  const rules = input.intents.routes.flatMap((route) =>
    route.rules
      .filter((rule) => held.has(`${route.source.uid} ${rule.name}`))
      .flatMap((rule) => {
        const pool = poolOf(rule);
        return pool === undefined ? [] : [{ source: route.source, rule, pool }];
      }),
  );
  const pools = rules.map((one) => wantedPool({ ...one, there, input }));
  const monitors = rules.flatMap((one) => wantedMonitor(one, input));
  return { pools: pools.toSorted(byKey), monitors: monitors.toSorted(byKey) };
}

/** Only what is forwarded needs a pool. */
function poolOf(rule: RuleIntent): PoolIntent | undefined {
  if (rule.kind === 'l4') return rule.pool;
  return rule.action.type === 'Forward' ? rule.action.pool : undefined;
}

interface Pooled {
  readonly source: Source;
  readonly rule: RuleIntent;
  readonly pool: PoolIntent;
}

function byKey(a: { readonly key: Key }, b: { readonly key: Key }): number {
  return a.key < b.key ? -1 : 1;
}

function wantedPool(
  of: Pooled & { readonly there: ReadonlyMap<Key | undefined, SeenPool>; readonly input: Input },
): WantedPool {
  const { source, rule, pool, input } = of;
  const { intents, seen, digest } = input;
  const key = poolKey(source.uid, rule.name);
  const body: PoolBody = {
    ...names(source, rule, key, digest),
    algorithm: algorithmNames[pool.algorithm],
    persistence: undefined,
  };
  const protocol = rule.kind === 'http' ? 'HTTP' : rule.protocol;
  const { cluster, uid } = intents.balancer;
  return {
    ...body,
    key,
    protocol,
    tags: { cluster, balancer: uid, key, owner: source.uid, hash: bodyHash([body, protocol], digest) },
    members: wantedMembers({
      pool: key,
      ports: backendPorts(pool),
      maxNodes: pool.maxNodes,
      nodes: intents.balancer.nodes,
      seen,
      there: of.there.get(key),
      digest,
    }),
  };
}

const algorithmNames: Readonly<Record<Algorithm, PoolBody['algorithm']>> = {
  RoundRobin: 'ROUND_ROBIN',
  LeastConnections: 'LEAST_CONNECTIONS',
  SourceIP: 'SOURCE_IP',
};

function backendPorts(pool: PoolIntent): readonly number[] {
  return pool.backends.flatMap(({ target }) => (target.type === 'NodePort' ? [target.nodePort] : []));
}

function names(
  source: Source,
  rule: RuleIntent,
  key: Key,
  digest: Digest,
): { readonly name: string; readonly description: string } {
  return {
    name: displayName(`${source.namespace}/${source.name}/${rule.name}`, key, digest),
    description: cutMiddle(`${source.kind} ${source.namespace}/${source.name} rule ${rule.name}`, 255),
  };
}

function wantedMonitor({ source, rule, pool }: Pooled, { intents, digest }: Input): readonly WantedMonitor[] {
  const { monitor } = pool;
  if (monitor.type === 'None') return [];
  const key = monitorKey(source.uid, rule.name);
  const body: MonitorBody = {
    name: names(source, rule, key, digest).name,
    delay: monitor.delay / 1000,
    timeout: monitor.timeout / 1000,
    maxRetries: monitor.maxRetries,
    maxRetriesDown: monitor.maxRetriesDown,
    http: httpMonitor(monitor),
  };
  const type = monitorNames[monitor.type];
  const { cluster, uid } = intents.balancer;
  const tags = { cluster, balancer: uid, key, hash: bodyHash([body, type], digest) };
  return [{ ...body, key, tags, pool: poolKey(source.uid, rule.name), type }];
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
