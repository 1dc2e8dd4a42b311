import { describe, expect, test } from '@jest/globals';
import type { BalancerSpec, ListenerSpec } from '../../operator/core/model/balancer-spec.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import { decide, kinds, memberLine, world } from './backends-world.ts';
import { httpListener, programmed, service, uidOf } from './core-fixtures.ts';

const landing = service('edge', 'landing', 30080);
const web = service('a', 'web', 30001);
const listener = (of: Partial<ListenerSpec> = {}): ListenerSpec => ({
  ...httpListener('http', 80),
  defaultBackend: { service: 'landing', port: 80 },
  ...of,
});
const given = (of: Partial<BalancerSpec> = {}, services = [web, landing]) =>
  world({ services, spec: { listeners: [listener()], ...of } });
const without = world({ services: [web, landing], spec: { listeners: [httpListener('http', 80)] } });
const typo = { listeners: [listener({ defaultBackend: { service: 'lnding', port: 80 } })] };
const notFound = {
  reason: 'BackendNotFound',
  message:
    'Listener http, defaultBackend: Service lnding does not exist in this namespace. Create it, or correct defaultBackend.service.',
};
const states = ({ verdicts }: ReturnType<typeof decide>) => verdicts.map(({ state }) => state);

describe('the default backend of a listener', () => {
  test('is a pool of the balancer, to which the listener points', () => {
    const { wanted } = decide(given());
    const key = `pool/${uidOf('balancer')}/default.http`;
    expect(wanted.listeners.map(({ defaultPool }) => defaultPool)).toEqual([key]);
    expect(
      wanted.pools.filter((pool) => pool.key === key).map(({ tags, members }) => [tags.owner, members.map(memberLine)]),
    ).toEqual([[uidOf('balancer'), ['n1 10.0.0.1:30080 weight 1', 'n2 10.0.0.2:30080 weight 1']]]);
    expect(wanted.monitors.map(({ pool }) => pool).includes(key as never)).toBe(true);
  });

  test('comes to a live listener after its pool is ready, and leaves before its pool goes', () => {
    const seen = programmed(decide(without).wanted);
    expect(kinds(decide(given(), seen).plan.operations)).toEqual([
      'createPool',
      'replaceMembers',
      'createMonitor',
      'updateListener',
    ]);
    const there = programmed(decide(given()).wanted);
    expect(kinds(decide(without, there).plan.operations)).toEqual(['updateListener', 'deletePool']);
  });

  test('that is not there is told to the platform team and harms no route', () => {
    const decided = decide(given(typo));
    const { wanted, defaultProblems } = decided;
    expect({ defaultProblems, states: states(decided), wanted }).toEqual({
      defaultProblems: [notFound],
      states: ['Programmed'],
      wanted: decide(without).wanted,
    });
  });

  test('that is misspelt by an edit keeps what it pointed to', () => {
    const seen = programmed(decide(given()).wanted);
    const { plan, defaultProblems } = decide(given(typo), seen);
    expect({ plan: plan.operations, defaultProblems }).toEqual({ plan: [], defaultProblems: [notFound] });
  });

  test('whose Service is gone has no members left: its node port may be another tenant’s', () => {
    const seen = programmed(decide(given()).wanted);
    const { plan } = decide(given({}, [web]), seen);
    expect(plan.operations.map((one) => (one.kind === 'replaceMembers' ? one.members : one.kind))).toEqual([[]]);
  });

  test('with a PROXY header is another pool, pointed to before the old one goes', () => {
    const seen = programmed(decide(given()).wanted);
    const { plan } = decide(given({ defaults: { proxyProtocol: 'V1' } }), seen);
    const ofListener = plan.operations.filter(({ unit }) => unit === undefined || unit.owner === uidOf('balancer'));
    expect(kinds(ofListener)).toEqual([
      'createPool',
      'replaceMembers',
      'createMonitor',
      'updateListener',
      'deletePool',
    ]);
  });

  test('stays with a listener that is held on its old port', () => {
    const seen: Seen = programmed(decide(given()).wanted);
    const moved = given({ listeners: [listener({ port: 8080 })] });
    expect(decide(moved, seen).plan.operations).toEqual([]);
  });

  test('of a Prometheus listener there is none', () => {
    const prometheus = listener({ name: 'metrics', port: 9101, protocol: 'Prometheus' });
    const { wanted } = decide(given({ listeners: [listener(), prometheus] }));
    expect(wanted.listeners.map(({ key, defaultPool }) => [key, defaultPool !== undefined])).toEqual([
      ['l7/http', true],
      ['l7/metrics', false],
    ]);
  });
});
