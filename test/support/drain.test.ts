import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Instant } from '../../operator/core/model/brand.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { EndpointObject, NodeObject, Snapshot } from '../../operator/core/model/snapshot.ts';
import { after, decide, membersOf, serviceWith, world, writes } from './backends-world.ts';
import { endpoint, node, programmed, service } from './core-fixtures.ts';

const unready = (name: string, address: string): NodeObject => ({ ...node(name, address), ready: false });
const leaving = (name: string, address: string): NodeObject => ({ ...node(name, address), leaving: true });
const n1 = node('n1', '10.0.0.1');
const both = programmed(decide(world()).wanted);
const n2Leaves = world({ nodes: [n1, leaving('n2', '10.0.0.2')] });
const draining = ['n1 10.0.0.1:30001 weight 1', 'n2~20261122T100030Z 10.0.0.2:30001 weight 0'];

describe('a member that leaves and can still answer', () => {
  test.each([
    ['a node that is excluded', [n1, leaving('n2', '10.0.0.2')]],
    ['a node that is not Ready', [n1, unready('n2', '10.0.0.2')]],
  ])('%s gets no new connections until the drain ends', (_, nodes) => {
    const { plan, lookAgainAt } = decide(world({ nodes }), both);
    expect([writes(plan.operations), lookAgainAt]).toEqual([[draining], after(30)]);
  });

  test('is left alone while it drains, and goes in one write when that ends', () => {
    const seen = programmed(decide(n2Leaves, both).wanted);
    expect([
      decide(n2Leaves, seen, after(1)).plan.operations,
      decide(n2Leaves, seen, after(29)).plan.operations,
    ]).toEqual([[], []]);
    const { plan, lookAgainAt } = decide(n2Leaves, seen, after(30));
    expect([writes(plan.operations), lookAgainAt]).toEqual([[['n1 10.0.0.1:30001 weight 1']], undefined]);
  });

  test('that comes back before the end is what it was', () => {
    const seen = programmed(decide(n2Leaves, both).wanted);
    const { plan, lookAgainAt } = decide(world(), seen, after(10));
    expect([writes(plan.operations), lookAgainAt]).toEqual([
      [['n1 10.0.0.1:30001 weight 1', 'n2 10.0.0.2:30001 weight 1']],
      undefined,
    ]);
  });

  test('leaves at once with 0s, also from a drain under way', () => {
    const at = { nodes: [n1, leaving('n2', '10.0.0.2')], policy: { drainTimeout: 0 } };
    const underWay = programmed(decide(n2Leaves, both).wanted);
    expect([both, underWay].map((seen) => writes(decide(world(at), seen).plan.operations))).toEqual([
      [['n1 10.0.0.1:30001 weight 1']],
      [['n1 10.0.0.1:30001 weight 1']],
    ]);
  });

  test('drains no longer than its owner says now, and no longer than it was promised', () => {
    const seen = programmed(decide(n2Leaves, both).wanted);
    const nodes = [n1, leaving('n2', '10.0.0.2')];
    const ends = [10_000, 3_600_000].map(
      (drainTimeout) => decide(world({ nodes, policy: { drainTimeout } }), seen, after(5)).lookAgainAt,
    );
    expect(ends).toEqual([after(15), after(30)]);
  });

  test('is not drained when nothing else would be left', () => {
    const nodes = [unready('n1', '10.0.0.1'), unready('n2', '10.0.0.2')];
    expect(decide(world({ nodes }), both).plan.operations).toEqual([]);
  });
});

describe('a member that is gone', () => {
  test('a node that was deleted leaves at once', () => {
    expect(writes(decide(world({ nodes: [n1] }), both).plan.operations)).toEqual([['n1 10.0.0.1:30001 weight 1']]);
  });

  test('a Pod drains while it terminates, and leaves at once when it is gone or answers no more', () => {
    const policy = { targetType: 'PodIP' } as const;
    const services = [serviceWith('web', undefined)];
    const of = (list: readonly EndpointObject[]): Snapshot => world({ policy, services, endpoints: { 'a/web': list } });
    const [one, other] = [endpoint('web-1', '10.1.0.1'), endpoint('web-2', '10.1.0.2')];
    const seen = programmed(decide(of([one, other])).wanted);
    const ends = { ready: false, serving: true, terminating: true };
    const still = 'web-1 10.1.0.1:8080 weight 1';
    expect([
      membersOf(of([one, endpoint('web-2', '10.1.0.2', ends)]), seen),
      membersOf(of([one]), seen),
      membersOf(of([one, endpoint('web-2', '10.1.0.2', { ...ends, serving: false })]), seen),
      membersOf(of([one, endpoint('web-3', '10.1.0.3', ends)]), seen),
    ]).toEqual([[still, 'web-2~20261122T100030Z 10.1.0.2:8080 weight 0'], [still], [still], [still]]);
  });
});

describe('a backend taken out of a route', () => {
  const services = [service('a', 'web', 30001), service('a', 'old', 30002)];
  const seen = programmed(decide(world({ services, backends: [{}, { service: 'old' }], nodes: [n1] })).wanted);

  test('drains while its Service is there', () => {
    expect(membersOf(world({ services, nodes: [n1] }), seen)).toEqual([
      'n1 10.0.0.1:30001 weight 1',
      'n1~20261122T100030Z 10.0.0.1:30002 weight 0',
    ]);
  });

  test('leaves at once when its Service is gone: the node port may be another tenant’s', () => {
    expect(membersOf(world({ services: services.slice(0, 1), nodes: [n1] }), seen)).toEqual([
      'n1 10.0.0.1:30001 weight 1',
    ]);
  });
});

const tree = (given: Snapshot, seen: Seen, seconds: number) => decide(given, seen, after(seconds)).wanted;

describe('laws', () => {
  const anyNode = fc.record({ name: fc.integer({ min: 1, max: 5 }), ready: fc.boolean(), leaving: fc.boolean() });
  const anyNodes = fc
    .uniqueArray(anyNode, { selector: ({ name }) => name, maxLength: 5 })
    .map((list) => list.map(({ name, ...of }): NodeObject => ({ ...node(`n${name}`, `10.0.0.${name}`), ...of })));
  const anyPods = fc.array(
    fc.record({
      name: fc.integer({ min: 1, max: 4 }),
      ready: fc.boolean(),
      serving: fc.boolean(),
      terminating: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  const anyWorld = fc
    .record({
      nodes: anyNodes,
      pods: anyPods,
      targetType: fc.constantFrom('NodePort' as const, 'PodIP' as const),
      drainTimeout: fc.constantFrom(0, 1_000, 45_000),
      maxNodes: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      trafficPolicy: fc.constantFrom('Cluster' as const, 'Local' as const),
      weights: fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 })),
    })
    .map(({ nodes, pods, trafficPolicy, weights, ...policy }) => {
      const endpoints = pods.map(({ name, ...of }) =>
        endpoint(`p${name}`, `10.1.0.${name}`, { ...of, node: `n${name}` }),
      );
      const local = { trafficPolicy, healthCheckNodePort: trafficPolicy === 'Local' ? 32100 : undefined };
      return {
        nodes,
        policy,
        services: [serviceWith('web', 30001, local), serviceWith('twin', 30002)],
        endpoints: { 'a/web': endpoints, 'a/twin': endpoints.slice(1) },
        backends: [{ weight: weights[0] }, { service: 'twin', weight: weights[1] }],
      };
    });

  test('members of a pool are distinct by address and port, sorted, of weights that Octavia has', () => {
    fc.assert(
      fc.property(anyWorld, anyWorld, (before, now) => {
        const seen = programmed(tree(world(before), both, 0));
        for (const { members } of tree(world(now), seen, 5).pools) {
          const places = members.map(({ address, port }) => `${address} ${String(port).padStart(5, '0')}`);
          expect(places).toEqual([...new Set(places)].toSorted());
          expect(members.filter(({ weight }) => weight < 0 || weight > 256)).toEqual([]);
        }
      }),
    );
  });

  test('the order of nodes, endpoints and backends changes nothing', () => {
    fc.assert(
      fc.property(anyWorld, anyWorld, (before, now) => {
        const seen = programmed(tree(world(before), both, 0));
        const { nodes, backends, endpoints } = now;
        const turned = Object.fromEntries(Object.entries(endpoints).map(([name, list]) => [name, list.toReversed()]));
        const other = { ...now, nodes: nodes.toReversed(), backends: backends.toReversed(), endpoints: turned };
        expect(tree(world(other), seen, 5)).toEqual(tree(world(now), seen, 5));
      }),
    );
  });

  test('a second pass writes nothing, each end of a drain costs one write, and then nothing is left to do', () => {
    fc.assert(
      fc.property(anyWorld, anyWorld, (before, now) => {
        let decided = decide(world(now), programmed(tree(world(before), both, 0)), after(5));
        // drains begin in three passes at most here: those end at three moments at most
        for (let ends = 0; decided.lookAgainAt !== undefined; ends += 1) {
          expect(ends).toBeLessThan(3);
          const seen = programmed(decided.wanted);
          const due = decided.lookAgainAt;
          expect(decide(world(now), seen, (due - 1) as Instant).plan.operations).toEqual([]);
          decided = decide(world(now), seen, due);
          expect(decided.plan.operations.map(({ kind }) => kind)).toEqual(['replaceMembers']);
        }
        expect(decide(world(now), programmed(decided.wanted), after(3_600)).plan.operations).toEqual([]);
      }),
    );
  });
});
