import type { Digest, Uid } from '../model/brand.ts';
import type { ListenerBody } from '../model/body.ts';
import { cutMiddle, displayName } from '../model/display-name.ts';
import type { Intents, RouteIntent } from '../model/intents.ts';
import { defaultRule, httpListenerKey, type Key, l4ListenerKey, poolKey, readKey } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen, SeenListener } from '../model/seen.ts';
import type { ListenerSpec } from '../model/balancer-spec.ts';
import { bodyHash } from '../model/tags.ts';
import type { Claims, HeldUnit, Unit } from '../model/verdict.ts';
import type { WantedListener } from '../model/wanted.ts';

interface Input {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly digest: Digest;
}

/** Octavia's defaults, told in every body so that a hand-made change shows as a difference. */
const defaultBody = {
  connectionLimit: -1,
  timeouts: { clientData: 50_000, memberConnect: 5_000, memberData: 50_000, tcpInspect: 0 },
} as const;

/** The admin's listeners that got their port, then one for every L4 unit that is held; in the order of their keys. */
export function wantedListeners(input: Input): readonly WantedListener[] {
  const refused = new Set(input.claims.refusedListeners.map((entry) => entry.listener));
  const held = new Set(heldListeners(input).map((entry) => entry.key));
  const ofAdmin = input.intents.balancer.listeners
    .filter((spec) => !refused.has(spec.name) && !held.has(httpListenerKey(spec.name)))
    .map((spec) => httpListener(spec, input));
  const routes = new Map(input.intents.routes.map((route) => [route.source.uid, route]));
  const ofRoutes = input.claims.held.flatMap((entry) => l4Listener(entry, routes, input));
  return [...ofAdmin, ...ofRoutes].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * A listener cannot change its port in place. While a policy still leans on it, it stays where it is: to move it would
 * close the old port for everybody at once.
 */
export function heldListeners({ intents, seen }: Pick<Input, 'intents' | 'seen'>): readonly {
  readonly listener: string;
  readonly key: Key;
  readonly problem: Problem;
}[] {
  const byKey = new Map(seen.listeners.map((listener) => [listener.tags?.key, listener]));
  const inUse = new Set(seen.policies.map((policy) => policy.listenerId));
  return intents.balancer.listeners.flatMap((spec) => {
    const key = httpListenerKey(spec.name);
    const there = byKey.get(key);
    if (there === undefined || there.port === spec.port || !inUse.has(there.id)) return [];
    return [{ listener: spec.name, key, problem: portFixed(spec, there) }];
  });
}

function portFixed(spec: ListenerSpec, there: SeenListener): Problem {
  return {
    reason: 'DisruptiveChange',
    message: `Listener ${spec.name} serves routes on port ${there.port} and Octavia cannot move it to ${spec.port}. Add a listener with another name on port ${spec.port}, then remove ${spec.name}.`,
  };
}

function httpListener(spec: ListenerSpec, input: Input): WantedListener {
  const { intents, digest } = input;
  const { name: balancer, cluster, uid } = intents.balancer;
  const key = httpListenerKey(spec.name);
  const body: ListenerBody = {
    name: displayName(`${balancer}/${spec.name}`, key, digest),
    description: cutMiddle(`SharedBalancer ${balancer} listener ${spec.name}`, 255),
    connectionLimit: spec.connectionLimit,
    timeouts: spec.timeouts,
    insertHeaders: spec.insertHeaders,
    allowedCidrs: spec.allowedCidrs,
  };
  const fixed = { protocol: spec.protocol === 'HTTP' ? 'HTTP' : 'PROMETHEUS', port: spec.port } as const;
  const defaultPool = defaultPoolOf(spec, input);
  const hashed = defaultPool === undefined ? [body, fixed] : [body, fixed, defaultPool];
  const tags = { cluster, balancer: uid, key, hash: bodyHash(hashed, digest) };
  return { ...body, ...fixed, key, tags, defaultPool };
}

/** One that cannot be resolved keeps pointing where it points: a typo must not turn every unknown request into a 503. */
function defaultPoolOf({ name }: ListenerSpec, { intents, seen }: Input): Key | undefined {
  const { uid, defaultBackends } = intents.balancer;
  const asked = defaultBackends.find(({ listener }) => listener === name);
  if (asked === undefined) return undefined;
  const rule = defaultRule(name);
  if (asked.problem === undefined) return poolKey(uid, rule, asked.pool.protocol);
  return seen.pools
    .map(({ tags }) => tags?.key)
    .find((key) => {
      const parts = key === undefined ? undefined : readKey(key);
      return parts?.kind === 'pool' && parts.owner === uid && parts.rule === rule;
    });
}

function l4Listener(
  entry: HeldUnit,
  routes: ReadonlyMap<Uid, RouteIntent>,
  { intents, digest }: Input,
): readonly WantedListener[] {
  const { unit } = entry;
  const route = routes.get(unit.owner);
  if (unit.kind !== 'l4' || route === undefined) return [];
  return [l4ListenerOf({ unit, route, claimed: entry.claimedAt, intents, digest })];
}

function l4ListenerOf(of: {
  readonly unit: Extract<Unit, { kind: 'l4' }>;
  readonly route: RouteIntent;
  readonly claimed: HeldUnit['claimedAt'];
  readonly intents: Intents;
  readonly digest: Digest;
}): WantedListener {
  const { unit, route, claimed, digest } = of;
  const { source } = route;
  const { cluster, uid } = of.intents.balancer;
  const key = l4ListenerKey(unit.protocol, unit.port);
  const part = `${unit.protocol.toLowerCase()}-${unit.port}`;
  const body: ListenerBody = {
    name: displayName(`${source.namespace}/${source.name}/${part}`, key, digest),
    description: cutMiddle(`${source.kind} ${source.namespace}/${source.name}`, 255),
    ...defaultBody,
    insertHeaders: [],
    allowedCidrs: [],
  };
  const rule = route.rules.find((one) => one.name === unit.rule);
  const protocol = rule?.kind === 'l4' ? rule.pool.protocol : unit.protocol;
  const defaultPool = poolKey(unit.owner, unit.rule, protocol);
  const fixed = { protocol: unit.protocol, port: unit.port } as const;
  const hash = bodyHash([body, fixed, defaultPool], digest);
  return {
    ...body,
    ...fixed,
    key,
    defaultPool,
    tags: { cluster, balancer: uid, key, owner: unit.owner, claimed, hash },
  };
}
