import type { Digest, Instant, Uid } from '../model/brand.ts';
import type { PoolBody } from '../model/body.ts';
import { cutMiddle, displayName } from '../model/display-name.ts';
import type { Intents, OwnTargets, PoolIntent, RuleIntent } from '../model/intents.ts';
import { defaultRule, type Key, poolKey } from '../model/key.ts';
import type { FormReader } from '../model/member-name.ts';
import type { Seen, SeenPool } from '../model/seen.ts';
import type { Algorithm } from '../model/route-spec.ts';
import { bodyHash } from '../model/tags.ts';
import type { Claims } from '../model/verdict.ts';
import type { WantedMonitor, WantedPool } from '../model/wanted.ts';
import { heldListeners } from './listeners.ts';
import { wantedMembers } from './members.ts';
import { wantedMonitor } from './monitors.ts';

export interface PoolsInput {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly now: Instant;
  readonly digest: Digest;
  readonly forms: FormReader;
}

/** One pool for every rule that holds at least one unit, shared by all its listeners, and one for every default backend; each with its monitor. */
export function wantedPools(input: PoolsInput): {
  readonly pools: readonly WantedPool[];
  readonly monitors: readonly WantedMonitor[];
} {
  const there = new Map(input.seen.pools.map((pool) => [pool.tags?.key, pool]));
  const all = [...poolsOfRoutes(input), ...poolsOfListeners(input)];
  const pools = all.map((one) => wantedPool(one, there, input));
  const monitors = all.flatMap((one) => wantedMonitor(one, input));
  return { pools: pools.toSorted(byKey), monitors: monitors.toSorted(byKey) };
}

/** A pool and whose it is. */
export interface Pooled {
  readonly owner: Uid;
  readonly rule: string;
  readonly pool: PoolIntent;
  readonly own: OwnTargets;
  /** For people. */
  readonly name: string;
  readonly description: string;
}

function poolsOfRoutes({ intents, claims }: PoolsInput): readonly Pooled[] {
  const held = new Set(claims.held.map(({ unit }) => `${unit.owner} ${unit.rule}`));
  return intents.routes.flatMap(({ source, rules, own }) =>
    rules
      .filter((rule) => held.has(`${source.uid} ${rule.name}`))
      .flatMap((rule) => {
        const pool = poolOf(rule);
        const path = `${source.namespace}/${source.name}`;
        const name = `${path}/${rule.name}`;
        const description = `${source.kind} ${path} rule ${rule.name}`;
        return pool === undefined ? [] : [{ owner: source.uid, rule: rule.name, pool, own, name, description }];
      }),
  );
}

/** Only what is forwarded needs a pool. */
export function poolOf(rule: RuleIntent): PoolIntent | undefined {
  if (rule.kind === 'l4') return rule.pool;
  return rule.action.type === 'Forward' ? rule.action.pool : undefined;
}

function poolsOfListeners({ intents, claims, seen }: PoolsInput): readonly Pooled[] {
  const { name: balancer, uid, own, defaultBackends } = intents.balancer;
  const away = new Set([...claims.refusedListeners, ...heldListeners({ intents, seen })].map((one) => one.listener));
  return defaultBackends
    .filter(({ listener, problem }) => problem === undefined && !away.has(listener))
    .map(({ listener, pool }) => ({
      owner: uid,
      rule: defaultRule(listener),
      pool,
      own,
      name: `${balancer}/${listener}/default`,
      description: `SharedBalancer ${balancer} listener ${listener} default backend`,
    }));
}

function byKey(a: { readonly key: Key }, b: { readonly key: Key }): number {
  return a.key < b.key ? -1 : 1;
}

function wantedPool(
  { owner, rule, pool, own, ...readable }: Pooled,
  there: ReadonlyMap<Key | undefined, SeenPool>,
  input: PoolsInput,
): WantedPool {
  const { balancer } = input.intents;
  const key = poolKey(owner, rule, pool.protocol);
  const body: PoolBody = {
    name: displayName(readable.name, key, input.digest),
    description: cutMiddle(readable.description, 255),
    algorithm: algorithmNames[pool.algorithm],
    persistence: persistence(pool),
  };
  const hash = bodyHash([body, pool.protocol], input.digest);
  return {
    ...body,
    key,
    protocol: pool.protocol,
    tags: { cluster: balancer.cluster, balancer: balancer.uid, key, owner, hash },
    members: wantedMembers({
      ...input,
      key,
      pool,
      own,
      balancer,
      drainTimeout: pool.drainTimeout,
      there: there.get(key),
    }),
  };
}

const algorithmNames: Readonly<Record<Algorithm, PoolBody['algorithm']>> = {
  RoundRobin: 'ROUND_ROBIN',
  LeastConnections: 'LEAST_CONNECTIONS',
  SourceIP: 'SOURCE_IP',
};

/** HTTPCookie has no name to choose: Octavia's template says SRV. */
function persistence({ persistence: asked }: PoolIntent): PoolBody['persistence'] {
  const timeout = asked?.timeout === undefined ? undefined : asked.timeout / 1000;
  switch (asked?.type) {
    case undefined:
    case 'None':
      return undefined;
    case 'SourceIP':
      return { type: 'SOURCE_IP', cookieName: undefined, timeout };
    case 'HTTPCookie':
      return { type: 'HTTP_COOKIE', cookieName: undefined, timeout: undefined };
    case 'AppCookie':
      return { type: 'APP_COOKIE', cookieName: asked?.cookieName, timeout: undefined };
  }
}
