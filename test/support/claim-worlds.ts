import * as fc from 'fast-check';
import { claim } from '../../operator/core/claim/claim.ts';
import { diff } from '../../operator/core/diff/diff.ts';
import { guard } from '../../operator/core/guard/guard.ts';
import { intake } from '../../operator/core/intake/intake.ts';
import type { Attachment } from '../../operator/core/model/balancer-spec.ts';
import type { ObjectName, Uid } from '../../operator/core/model/brand.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { ServiceObject, ServiceRouteObject, Snapshot } from '../../operator/core/model/snapshot.ts';
import type { L4Protocol } from '../../operator/core/model/terms.ts';
import type { Claims } from '../../operator/core/model/verdict.ts';
import { translate } from '../../operator/core/translate/translate.ts';
import {
  balancer,
  balancerSpec,
  digest,
  httpListener,
  httpSpec,
  instant,
  l4Spec,
  noSwitches,
  nothingSeen,
  route,
  service,
  snapshot,
} from './core-fixtures.ts';

/** Crowded little worlds: few names and ports, so that everybody meets everybody. */

export interface World {
  readonly routes: readonly ServiceRouteObject[];
  readonly attachment: Attachment;
}

export const teams = ['team-a', 'team-b', 'team-c', 'edge'] as const;
export const hosts = [
  'shop.example.com',
  '*.example.com',
  'a.deep.example.com',
  '*.deep.example.com',
  'api.given.example.org',
  'new.given.example.org',
  '*.given.example.org',
  '*',
] as const;

const anyAsk = fc.record({
  namespace: fc.constantFrom(...teams),
  hosts: fc.uniqueArray(fc.constantFrom(...hosts), { minLength: 1, maxLength: 2 }),
  path: fc.constantFrom('', '/x', '/y'),
  minute: fc.integer({ min: 0, max: 9 }),
  port: fc.constantFrom(53, 5000, 30_001),
  protocol: fc.constantFrom<L4Protocol>('TCP', 'UDP', 'SCTP'),
  kind: fc.constantFrom('http', 'http', 'l4'),
  good: fc.constantFrom(true, true, true, false),
  /** UIDs sort otherwise than names and ages do. */
  salt: fc.integer({ min: 0, max: 99 }),
});
type Ask = typeof anyAsk extends fc.Arbitrary<infer One> ? One : never;

export const anyAttachment: fc.Arbitrary<Attachment> = fc.record({
  from: fc.constant('All' as const),
  selector: fc.constant(undefined),
  kinds: fc.constant(['ServiceRoute' as const]),
  undelegated: fc.constantFrom('FirstClaim', 'FirstClaim', 'Deny'),
  hostnames: fc.subarray([
    { pattern: '*.given.example.org', namespaces: ['team-a'] },
    { pattern: 'api.given.example.org', namespaces: ['team-a', 'team-b'] },
    { pattern: '*.example.com', namespaces: ['team-b', 'team-c'] },
    { pattern: '*', namespaces: ['edge'] },
  ]),
  ports: fc.subarray([
    { start: 30_000, end: 30_999, protocols: ['TCP', 'UDP'] as const, namespaces: ['team-b'] },
    { start: 30_001, end: 30_001, protocols: ['TCP'] as const, namespaces: ['team-c'] },
  ]),
  regexMatches: fc.constant('Forbidden' as const),
});

/** Names that no message to another tenant may hold. */
export function routeName(at: number): string {
  return `route-number-${at}`;
}

export function asRoute(ask: Ask, at: number): ServiceRouteObject {
  const target = ask.good ? 'web' : 'ghost';
  const http = httpSpec('', target, ask.path === '' ? [] : [ask.path]);
  const l4 = l4Spec(ask.port, target);
  const made = route({ namespace: ask.namespace, name: routeName(at), spec: l4, minute: ask.minute });
  const spec =
    ask.kind === 'http' && http.protocol.kind === 'http'
      ? { ...http, protocol: { ...http.protocol, hostnames: ask.hosts } }
      : { ...l4, protocol: { ...l4.protocol, protocol: ask.protocol } };
  return { ...made, spec, meta: { ...made.meta, uid: `uid-${ask.salt}-${at}` as Uid } };
}

export const anyRoute: fc.Arbitrary<ServiceRouteObject> = anyAsk.map((ask) => asRoute(ask, 77));

export const anyWorld: fc.Arbitrary<World> = fc.record({
  routes: fc.array(anyAsk, { maxLength: 9 }).map((asks) => asks.map(asRoute)),
  attachment: anyAttachment,
});

const webs = teams.map((team, at): readonly [ObjectName, ServiceObject] => {
  const [name, web] = service(team, 'web', 31_000 + at);
  const [port] = web.ports;
  if (port === undefined) throw new Error('a service of the fixtures has a port');
  return [name, { ...web, ports: (['TCP', 'UDP', 'SCTP'] as const).map((protocol) => ({ ...port, protocol })) }];
});

export function snapshotOf({ routes, attachment }: World): Snapshot {
  const listeners = [httpListener('http', 80), httpListener('alt', 8080)];
  return snapshot({ routes, services: webs, balancer: balancer({ ...balancerSpec, attachment, listeners }) });
}

/** All pure rooms, from a world to a plan. */
export function decide(world: World, seen: Seen = nothingSeen, minute = 30) {
  const now = instant(minute);
  const whole = snapshotOf(world);
  const intents = intake(whole, balancer({ ...balancerSpec, ...specOf(whole) }), digest);
  const claims = claim({ intents, seen, now, digest });
  const { wanted, verdicts } = translate({ intents, claims, seen, now, digest });
  return { claims, wanted, verdicts, plan: guard(diff(wanted, seen), seen) };
}

function specOf({ balancer: made }: Snapshot) {
  if (made === undefined || 'invalid' in made.spec) throw new Error('a balancer of the fixtures is valid');
  return made.spec;
}

/** The world after its statuses were written. */
export function remembering(world: World, { claims }: Pick<Claims, 'claims'>): World {
  return {
    ...world,
    routes: world.routes.map((one) => ({
      ...one,
      status: { ...one.status, claims: claims.filter(({ owner }) => owner === one.meta.uid) },
    })),
  };
}

export function paused(one: ServiceRouteObject): ServiceRouteObject {
  return { ...one, switches: { ...noSwitches, paused: true } };
}

/** Who holds which unit, as texts. */
export function holdings({ held }: Claims): ReadonlySet<string> {
  return new Set(held.map(({ unit }) => JSON.stringify(unit)));
}

/** Who holds which port, and which namespace which hostname on which listener. */
export function portsAndHosts({ claims }: Claims, { routes }: World): readonly string[] {
  const namespaces = new Map(routes.map(({ meta }) => [meta.uid, meta.namespace]));
  const held = claims.filter(({ state }) => state === 'Held');
  const lines = held.flatMap(({ owner, type, value, listeners }) =>
    type === 'Port'
      ? [`${value} ${owner}`]
      : listeners.map((listener) => `${listener} ${value} ${namespaces.get(owner) ?? ''}`),
  );
  return [...new Set(lines)].toSorted();
}
