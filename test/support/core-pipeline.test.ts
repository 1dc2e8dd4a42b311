import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { claim } from '../../operator/core/claim/claim.ts';
import { diff } from '../../operator/core/diff/diff.ts';
import { guard } from '../../operator/core/guard/guard.ts';
import { intake } from '../../operator/core/intake/intake.ts';
import type { Operation } from '../../operator/core/model/plan.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { RouteObject, Snapshot } from '../../operator/core/model/snapshot.ts';
import { readInstant, readTags, writeInstant, writeTags } from '../../operator/core/model/tags.ts';
import { translate } from '../../operator/core/translate/translate.ts';
import {
  balancer,
  digest,
  httpSpec,
  instant,
  l4Spec,
  node,
  nothingSeen,
  programmed,
  route,
  service,
  snapshot,
  uidOf,
} from './core-fixtures.ts';

function decide(world: Snapshot, seen: Seen = nothingSeen, minute = 30) {
  const intents = intake(world, balancer(), digest);
  const claims = claim({ intents, seen, now: instant(minute), digest });
  const { wanted, verdicts } = translate({ intents, claims, seen, now: instant(minute), digest });
  return { claims, wanted, verdicts, plan: guard(diff(wanted, seen), seen) };
}

const kinds = (operations: readonly Operation[]): readonly string[] => operations.map((operation) => operation.kind);

const shop = route({ namespace: 'a', name: 'shop', spec: httpSpec('shop.example.com', 'shop') });
const blog = route({ namespace: 'b', name: 'blog', spec: httpSpec('blog.example.com', 'blog'), minute: 2 });
const pg = route({ namespace: 'b', name: 'pg', spec: l4Spec(5432, 'pg'), minute: 3 });
const services = [service('a', 'shop', 30001), service('b', 'blog', 30002), service('b', 'pg', 30003)];

describe('bring-up', () => {
  test('everything known is one create, around it the port and the address', () => {
    expect(kinds(decide(snapshot({ routes: [shop, blog, pg], services })).plan.operations)).toEqual([
      'createVipPort',
      'createLoadBalancer',
      'createFloatingIP',
    ]);
  });

  test('what was brought up and seen again needs no write', () => {
    const world = snapshot({ routes: [shop, blog, pg], services });
    const { wanted } = decide(world);
    expect(decide(world, programmed(wanted), 45).plan).toEqual({ operations: [], withheld: [], drifted: [] });
  });
});

describe('changes of a live balancer', () => {
  const seen = programmed(decide(snapshot({ routes: [shop], services })).wanted);

  test('one host route costs pool, members, monitor, policy and rule', () => {
    expect(kinds(decide(snapshot({ routes: [shop, blog], services }), seen).plan.operations)).toEqual([
      'createPool',
      'replaceMembers',
      'createMonitor',
      'createPolicy',
      'createRule',
    ]);
  });

  test('a host and a path are made switched off and switched on when both rules are there', () => {
    const paths = route({ namespace: 'b', name: 'blog', spec: httpSpec('blog.example.com', 'blog', ['/api']) });
    expect(kinds(decide(snapshot({ routes: [shop, paths], services }), seen).plan.operations)).toEqual([
      'createPool',
      'replaceMembers',
      'createMonitor',
      'createPolicy',
      'createRule',
      'createRule',
      'enablePolicy',
    ]);
  });

  test('a deleted route takes its policy and its pool with it, and nothing else', () => {
    const both = programmed(decide(snapshot({ routes: [shop, blog], services })).wanted);
    expect(kinds(decide(snapshot({ routes: [blog], services }), both).plan.operations)).toEqual([
      'deletePolicy',
      'deletePool',
    ]);
  });

  test('a node that is gone costs one call for each pool whose members change', () => {
    const both = programmed(decide(snapshot({ routes: [shop, blog], services })).wanted);
    const { plan } = decide(snapshot({ routes: [shop, blog], services, nodes: [node('n1', '10.0.0.1')] }), both);
    expect(kinds(plan.operations)).toEqual(['replaceMembers', 'replaceMembers']);
  });

  test('an object that carries no tags of ours is never touched', () => {
    const [listener] = seen.listeners;
    const foreign: Seen = {
      ...seen,
      listeners: [
        ...seen.listeners,
        { ...(listener as NonNullable<typeof listener>), id: 'x' as never, tags: undefined, port: 9999 },
      ],
    };
    expect(decide(snapshot({ routes: [shop], services }), foreign).plan).toEqual({
      operations: [],
      withheld: [],
      drifted: [],
    });
  });
});

describe('mistakes stay where they were made', () => {
  test('a missing Service among others is told on its rule alone', () => {
    const ghost = route({ namespace: 'c', name: 'ghost', spec: httpSpec('ghost.example.com', 'ghost') });
    const without = decide(snapshot({ routes: [shop, blog], services }));
    const withGhost = decide(snapshot({ routes: [shop, ghost, blog], services }));
    expect(withGhost.wanted).toEqual(without.wanted);
    expect(withGhost.verdicts.filter((verdict) => verdict.state !== 'Programmed')).toEqual([
      {
        owner: uidOf('c-ghost-route'),
        rule: 'all',
        state: 'Dropped',
        problem: {
          reason: 'BackendNotFound',
          message: 'Service ghost does not exist in this namespace. Create it, or correct backends[].service.',
        },
      },
    ]);
  });

  test('a Service deleted under a live route empties its pool and keeps its policy', () => {
    const seen = programmed(decide(snapshot({ routes: [shop, blog], services })).wanted);
    const { plan, verdicts } = decide(snapshot({ routes: [shop, blog], services: services.slice(1) }), seen);
    expect(
      plan.operations.map((operation) => (operation.kind === 'replaceMembers' ? operation.members : operation.kind)),
    ).toEqual([[]]);
    expect(verdicts.map((verdict) => verdict.state)).toEqual(['Held', 'Programmed']);
  });

  test('an edit that names a Service which is not there keeps the members of the old one', () => {
    const seen = programmed(decide(snapshot({ routes: [shop], services })).wanted);
    const typo = route({ namespace: 'a', name: 'shop', spec: httpSpec('shop.example.com', 'shpo') });
    expect(decide(snapshot({ routes: [typo], services }), seen).plan.operations).toEqual([]);
  });

  test('a name that another namespace holds is refused without naming the holder', () => {
    const thief = route({ namespace: 'b', name: 'thief', spec: httpSpec('shop.example.com', 'blog'), minute: 9 });
    const { verdicts } = decide(snapshot({ routes: [thief, shop], services }));
    expect(verdicts.filter((verdict) => verdict.state === 'Conflicted')).toEqual([
      {
        owner: uidOf('b-thief-route'),
        rule: 'all',
        state: 'Conflicted',
        problem: {
          reason: 'HostnameConflict',
          message: 'Hostname shop.example.com is held by another route. Choose another name, or ask the platform team.',
        },
      },
    ]);
  });

  test('an older object never displaces what is programmed', () => {
    const seen = programmed(decide(snapshot({ routes: [shop], services })).wanted);
    const older = route({ namespace: 'b', name: 'older', spec: httpSpec('shop.example.com', 'blog'), minute: 0 });
    const { plan, verdicts } = decide(snapshot({ routes: [older, shop], services }), seen);
    expect({ plan: plan.operations, states: verdicts.map((verdict) => verdict.state) }).toEqual({
      plan: [],
      states: ['Conflicted', 'Programmed'],
    });
  });
});

describe('laws', () => {
  const anyRoute = fc.record({
    namespace: fc.constantFrom('a', 'b', 'c'),
    host: fc.integer({ min: 0, max: 4 }),
    path: fc.constantFrom('', '/x', '/y'),
    minute: fc.integer({ min: 0, max: 9 }),
    kind: fc.constantFrom('http', 'l4'),
    good: fc.boolean(),
  });
  const anyWorld = fc.array(anyRoute, { maxLength: 8 }).map((list) =>
    list.map((one, at): RouteObject => {
      const target = one.good ? 'web' : 'ghost';
      const spec =
        one.kind === 'http'
          ? httpSpec(`h${one.host}.example.com`, target, one.path === '' ? [] : [one.path])
          : l4Spec(5000 + one.host, target);
      return route({ namespace: one.namespace, name: `r${at}`, spec, minute: one.minute });
    }),
  );
  const webs = [service('a', 'web', 31001), service('b', 'web', 31002), service('c', 'web', 31003)];

  test('the order of inputs never changes the outcome', () => {
    fc.assert(
      fc.property(anyWorld, (routes) => {
        const one = decide(snapshot({ routes, services: webs }));
        const other = decide(snapshot({ routes: routes.toReversed(), services: webs }));
        const byOwner = (list: typeof one.verdicts) => list.toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
        expect(other.wanted).toEqual(one.wanted);
        expect(byOwner(other.verdicts)).toEqual(byOwner(one.verdicts));
      }),
    );
  });

  test('what is programmed as wanted needs no write, however often it is looked at', () => {
    fc.assert(
      fc.property(anyWorld, (routes) => {
        const world = snapshot({ routes, services: webs });
        const seen = programmed(decide(world).wanted);
        expect(decide(world, seen, 59).plan.operations).toEqual([]);
      }),
    );
  });

  test('a later route changes nothing of what others hold', () => {
    fc.assert(
      fc.property(anyWorld, anyRoute, (routes, late) => {
        const seen = programmed(decide(snapshot({ routes, services: webs })).wanted);
        const spec = httpSpec(`h${late.host}.example.com`, late.good ? 'web' : 'ghost');
        const more = [...routes, route({ namespace: late.namespace, name: 'late', spec, minute: 0 })];
        const { plan } = decide(snapshot({ routes: more, services: webs }), seen);
        const owners = new Set(plan.operations.map((operation) => operation.unit?.owner));
        owners.delete(uidOf(`${late.namespace}-late-route`));
        expect([...owners]).toEqual([]);
      }),
    );
  });

  test('tags and instants read back as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        const at = (seconds * 1000) as typeof shop.meta.createdAt;
        expect(readInstant(writeInstant(at))).toBe(at);
        const tags = {
          cluster: uidOf('c'),
          balancer: uidOf('b'),
          key: 'lb' as never,
          owner: uidOf('o'),
          claimed: at,
          hash: 'abc',
        };
        expect(readTags(writeTags(tags))).toEqual(tags);
      }),
    );
  });
});
