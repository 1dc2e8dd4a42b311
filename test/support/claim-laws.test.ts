import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ServiceRouteObject } from '../../operator/core/model/snapshot.ts';
import type { Verdict } from '../../operator/core/model/verdict.ts';
import {
  anyRoute,
  anyWorld,
  decide,
  holdings,
  hosts,
  paused,
  portsAndHosts,
  remembering,
  teams,
  type World,
} from './claim-worlds.ts';
import { instant, nothingSeen, programmed } from './core-fixtures.ts';

const runs = { numRuns: Number(process.env['LAW_RUNS'] ?? 60) };

function withRoute(world: World, extra: ServiceRouteObject): World {
  return { ...world, routes: [...world.routes, extra] };
}

function created(route: ServiceRouteObject, minute: number): ServiceRouteObject {
  return { ...route, meta: { ...route.meta, createdAt: instant(minute) } };
}

function ofOthers(verdicts: readonly Verdict[], than: ServiceRouteObject): readonly Verdict[] {
  return verdicts.filter(({ owner }) => owner !== than.meta.uid);
}

function byOwner(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
}

test('the order of inputs never changes the output', () => {
  fc.assert(
    fc.property(anyWorld, fc.infiniteStream(fc.nat()), (world, noise) => {
      const shuffled = world.routes
        .map((one) => ({ one, at: noise.next().value as number }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ one }) => one);
      const [one, other] = [decide(world), decide({ ...world, routes: shuffled })];
      expect(other.wanted).toEqual(one.wanted);
      expect(other.claims.claims).toEqual(one.claims.claims);
      expect(other.claims.conflicts).toEqual(one.claims.conflicts);
      expect(byOwner(other.verdicts)).toEqual(byOwner(one.verdicts));
    }),
    runs,
  );
});

test('a unit that is invalid or loses changes no other verdict and no wanted object, however old its object is', () => {
  let losers = 0;
  fc.assert(
    fc.property(anyWorld, anyRoute, (world, extra) => {
      const [without, with_] = [decide(world), decide(withRoute(world, extra))];
      if ([...with_.claims.held].some(({ unit }) => unit.owner === extra.meta.uid)) return;
      losers += 1;
      expect(with_.wanted).toEqual(without.wanted);
      expect(ofOthers(with_.verdicts, extra)).toEqual(without.verdicts);
    }),
    runs,
  );
  expect(losers).toBeGreaterThan(0);
});

test('the youngest object changes nothing of what others get', () => {
  fc.assert(
    fc.property(anyWorld, anyRoute, (world, extra) => {
      const [without, with_] = [decide(world), decide(withRoute(world, created(extra, 20)))];
      expect(ofOthers(with_.verdicts, extra)).toEqual(without.verdicts);
      expect([...holdings(with_.claims)]).toEqual(expect.arrayContaining([...holdings(without.claims)]));
    }),
    runs,
  );
});

test('a held unit is never lost to an object that comes later, whatever its age', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      let now: World = { ...world, routes: [] };
      let seen = nothingSeen;
      let before: ReadonlySet<string> = new Set();
      for (const [at, next] of world.routes.entries()) {
        now = withRoute(now, next);
        const { claims, wanted, plan } = decide(now, seen, 30 + at);
        const held = holdings(claims);
        expect([...before].filter((unit) => !held.has(unit))).toEqual([]);
        const touched = new Set(plan.operations.flatMap(({ unit }) => unit?.owner ?? []));
        if (at > 0) expect([...touched].filter((owner) => owner !== next.meta.uid)).toEqual([]);
        [now, seen, before] = [remembering(now, claims), programmed(wanted), held];
      }
    }),
    runs,
  );
});

test('running on its own output changes nothing and writes nothing', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const first = decide(world);
      const again = decide(remembering(world, first.claims), programmed(first.wanted), 59);
      expect(again.claims).toEqual(first.claims);
      expect(again.wanted).toEqual(first.wanted);
      expect(again.plan.operations).toEqual([]);
    }),
    runs,
  );
});

test('when the cloud forgot everything, statuses give ports and hostnames back to whoever had them', () => {
  fc.assert(
    fc.property(anyWorld, anyRoute, (world, intruder) => {
      const first = decide(world);
      const after = withRoute(remembering(world, first.claims), created(intruder, -5));
      const again = decide(after, nothingSeen, 59);
      const had = portsAndHosts(first.claims, world);
      expect(portsAndHosts(again.claims, after)).toEqual(expect.arrayContaining([...had]));
    }),
    runs,
  );
});

test('a pause writes nothing for its route, takes nothing from it and changes nobody else', () => {
  fc.assert(
    fc.property(anyWorld, fc.nat(), anyRoute, (world, pick, intruder) => {
      const target = world.routes[pick % Math.max(world.routes.length, 1)];
      if (target === undefined) return;
      const first = decide(world);
      const known = remembering(world, first.claims);
      const stopped = {
        ...known,
        routes: known.routes.map((one) => (one.meta.uid === target.meta.uid ? paused(one) : one)),
      };
      const again = decide(withRoute(stopped, created(intruder, -5)), programmed(first.wanted), 59);
      const owners = again.plan.operations.flatMap(({ unit }) => unit?.owner ?? []);
      expect(owners.filter((owner) => owner !== intruder.meta.uid)).toEqual([]);
      expect(ofOthers(ofOthers(again.verdicts, intruder), target)).toEqual(ofOthers(first.verdicts, target));
      expect(heldBy(target, again.claims.claims)).toEqual(heldBy(target, first.claims.claims));
    }),
    runs,
  );
});

function heldBy({ meta }: ServiceRouteObject, claims: ReturnType<typeof decide>['claims']['claims']) {
  return claims.filter(({ owner, state }) => owner === meta.uid && state === 'Held');
}

test('no message names anybody or anything of another namespace', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const { verdicts } = decide(world);
      for (const { meta, spec } of world.routes) {
        const own = 'invalid' in spec || spec.protocol.kind === 'l4' ? [] : spec.protocol.hostnames;
        const secrets = [
          ...world.routes.filter((one) => one.meta.uid !== meta.uid).map((one) => one.meta.name),
          ...teams.filter((team) => team !== meta.namespace),
          ...hosts.filter((host) => host.length > 1 && !own.some((mine) => mine.includes(host))),
        ];
        const messages = verdicts
          .filter(({ owner }) => owner === meta.uid)
          .map(({ problem }) => problem?.message ?? '');
        const told = secrets.filter((secret) => messages.some((text) => text.split(/[ ."]+ |[ "]/).includes(secret)));
        expect(told).toEqual([]);
      }
    }),
    runs,
  );
});
