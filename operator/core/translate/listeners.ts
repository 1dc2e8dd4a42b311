import type { Digest } from '../model/brand.ts';
import type { ListenerBody, ListenerProtocol } from '../model/body.ts';
import { cutMiddle, displayName } from '../model/display-name.ts';
import type { Intents, RouteIntent } from '../model/intents.ts';
import { defaultRule, httpListenerKey, type Key, l4ListenerKey, poolKey, readKey } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen, SeenListener } from '../model/seen.ts';
import type { ListenerSpec } from '../model/balancer-spec.ts';
import { bodyHash } from '../model/tags.ts';
import { octaviaTimeouts } from '../model/terms.ts';
import type { Claims, HeldUnit } from '../model/verdict.ts';
import type { WantedListener } from '../model/wanted.ts';

interface Input {
  readonly intents: Intents;
  readonly claims: Claims;
  readonly seen: Seen;
  readonly digest: Digest;
}

/** The admin's listeners that may be, then one for every L4 unit that is held; in the order of their keys. */
export function wantedListeners(input: Input): readonly WantedListener[] {
  const refused = new Set(input.claims.refusedListeners.map((entry) => entry.listener));
  const held = new Set(heldListeners(input).map((entry) => entry.listener));
  const ofAdmin = input.intents.balancer.listeners
    .filter((spec) => !refused.has(spec.name) && !held.has(spec.name))
    .map((spec) => adminListener(spec, input));
  const routes = new Map(input.intents.routes.map((route) => [route.source.uid, route]));
  const ofRoutes = input.claims.held.flatMap((entry) => l4Listener(entry, routes.get(entry.unit.owner), input));
  return [...ofAdmin, ...ofRoutes].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Listeners of the admin that stay as they are seen: those that may not move, and those that cannot be what is asked. */
export function keptListeners({ intents, claims, seen }: Pick<Input, 'intents' | 'claims' | 'seen'>): readonly Key[] {
  const names = [...heldListeners({ intents, seen }), ...claims.refusedListeners].map(({ listener }) => listener);
  return [...new Set(names)].map(httpListenerKey);
}

/**
 * A listener cannot change its port or protocol in place. While a policy still leans on it, it stays where it is: to move it
 * would close the old port for everybody at once. Only the admin may permit that.
 */
export function heldListeners({ intents, seen }: Pick<Input, 'intents' | 'seen'>): readonly {
  readonly listener: string;
  readonly key: Key;
  readonly problem: Problem;
}[] {
  const { listeners, switches } = intents.balancer;
  if (switches.allowDisruptive) return [];
  const byKey = new Map(seen.listeners.map((listener) => [listener.tags?.key, listener]));
  const inUse = new Set(seen.policies.map((policy) => policy.listenerId));
  return listeners.flatMap((spec) => {
    const key = httpListenerKey(spec.name);
    const there = byKey.get(key);
    if (there === undefined || !inUse.has(there.id)) return [];
    if (there.port !== spec.port) return [{ listener: spec.name, key, problem: portFixed(spec, there) }];
    if (there.protocol !== protocolOf(spec)) return [{ listener: spec.name, key, problem: protocolFixed(spec, there) }];
    return [];
  });
}

function portFixed(spec: ListenerSpec, there: SeenListener): Problem {
  return {
    reason: 'DisruptiveChange',
    message: `Listener ${spec.name} serves routes on port ${there.port} and Octavia cannot move it to ${spec.port}. Add a listener with another name on port ${spec.port}, then remove ${spec.name}.`,
  };
}

function protocolFixed(spec: ListenerSpec, there: SeenListener): Problem {
  return {
    reason: 'DisruptiveChange',
    message: `Listener ${spec.name} serves routes by ${there.protocol} and Octavia cannot make it ${protocolOf(spec)}. Add a listener with another name, then remove ${spec.name}.`,
  };
}

function protocolOf({ protocol }: ListenerSpec): ListenerProtocol {
  return protocol === 'HTTP' ? 'HTTP' : 'PROMETHEUS';
}

function adminListener(spec: ListenerSpec, input: Input): WantedListener {
  const { intents, digest } = input;
  const { name: balancer, cluster, uid } = intents.balancer;
  const key = httpListenerKey(spec.name);
  const body: ListenerBody = {
    name: displayName(`${balancer}/${spec.name}`, key, digest),
    description: cutMiddle(`SharedBalancer ${balancer} listener ${spec.name}`, 255),
    connectionLimit: spec.connectionLimit,
    timeouts: spec.timeouts,
    // the metrics page has no member to pass a header to, and Octavia refuses one there
    insertHeaders: spec.protocol === 'HTTP' ? spec.insertHeaders.toSorted() : [],
    allowedCidrs: spec.allowedCidrs.toSorted(),
  };
  const fixed = { protocol: protocolOf(spec), port: spec.port } as const;
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
  { unit, claimedAt }: HeldUnit,
  route: RouteIntent | undefined,
  { intents, digest }: Input,
): readonly WantedListener[] {
  const rule = route?.rules.find((one) => one.name === unit.rule);
  if (unit.kind !== 'l4' || route === undefined || rule?.kind !== 'l4') return [];
  const { source } = route;
  const { cluster, uid } = intents.balancer;
  const key = l4ListenerKey(unit.protocol, unit.port);
  const part = `${unit.protocol.toLowerCase()}-${unit.port}`;
  const body: ListenerBody = {
    name: displayName(`${source.namespace}/${source.name}/${part}`, key, digest),
    description: cutMiddle(`${source.kind} ${source.namespace}/${source.name}`, 255),
    connectionLimit: rule.connectionLimit,
    // told in every body, so that a hand-made change shows as a difference
    timeouts: rule.timeouts ?? octaviaTimeouts,
    insertHeaders: rule.http?.insertHeaders.toSorted() ?? [],
    allowedCidrs: rule.allowedCidrs.toSorted(),
  };
  const defaultPool = poolKey(unit.owner, unit.rule, rule.pool.protocol);
  const fixed = { protocol: rule.http === undefined ? unit.protocol : 'HTTP', port: unit.port } as const;
  const hash = bodyHash([body, fixed, defaultPool], digest);
  const tags = { cluster, balancer: uid, key, owner: unit.owner, claimed: claimedAt, hash };
  return [{ ...body, ...fixed, key, defaultPool, tags }];
}
