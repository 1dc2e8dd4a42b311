import { expect, test } from '@jest/globals';
import { balancerName } from '../../operator/core/model/brand.ts';
import { report } from '../../operator/core/report/report.ts';
import { decided } from './decided.ts';
import { instant, nothingSeen, programmed } from './core-fixtures.ts';
import type { Manifest } from './manifests.ts';
import { MemoryCluster } from './memory-cluster.ts';

const name = balancerName('edge', 'public');
const metadata = { name: 'public', namespace: 'edge', finalizers: ['octopool.dev/balancer'] };
const spec = { attachment: { from: 'Same', undelegated: 'FirstClaim' } };

/** A port of its own on the balancer. */
function pooled(number: number): Manifest {
  const ports = [{ name: 'main', port: number, nodePort: 30_000 + number }];
  const annotations = { 'octopool.dev/balancer': 'edge/public' };
  return {
    kind: 'Service',
    metadata: { name: `s${number}`, namespace: 'edge', annotations },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'octopool.dev/shared', ipFamilies: ['IPv4'], ports },
  };
}

/** Telling so many Services that all is well: how many are told, and how often anything that is one owner's is looked at. */
function looksFor(services: number): { readonly told: number; readonly looks: number } {
  const cluster = new MemoryCluster(() => instant(30));
  cluster.apply({ kind: 'SharedBalancer', metadata, spec });
  cluster.apply(...Array.from({ length: services }, (_, at) => pooled(at + 1)));
  const snapshot = cluster.read(name);
  const { intents, wanted, verdicts, claims } = decided(snapshot, nothingSeen);
  const seen = programmed(wanted);
  let looks = 0;
  const watched = <Item extends object>(items: readonly Item[]): readonly Item[] =>
    items.map(
      (item) =>
        new Proxy(item, {
          get: (target, property, receiver): unknown => {
            looks += 1;
            return Reflect.get(target, property, receiver);
          },
        }),
    );
  const { routes } = report(
    {
      snapshot,
      now: instant(30),
      seen: {
        ...seen,
        listeners: watched(seen.listeners),
        pools: watched(seen.pools),
        monitors: watched(seen.monitors),
      },
      intents: { ...intents, routes: watched(intents.routes) },
      claims: { ...claims, held: watched(claims.held), claims: watched(claims.claims) },
      verdicts: watched(verdicts),
      plan: undefined,
      done: undefined,
      outcome: { kind: 'settled' },
      heldListeners: [],
      defaultProblems: [],
      deletion: undefined,
    },
    new Map(),
  );
  return { told: routes.length, looks };
}

test('ten times the Services are told with ten times the looks', () => {
  const [few, many] = [looksFor(20), looksFor(200)];
  expect([few.told, many.told]).toEqual([20, 200]);
  expect(many.looks).toBeLessThanOrEqual(10 * few.looks);
});
