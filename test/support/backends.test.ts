import { describe, expect, test } from '@jest/globals';
import type { BackendPolicySpec } from '../../operator/core/model/route-spec.ts';
import { decide, kinds, membersOf, serviceWith, world, writes } from './backends-world.ts';
import { endpoint, node, programmed, service } from './core-fixtures.ts';

const pods: BackendPolicySpec = { targetType: 'PodIP' };
const inner = [serviceWith('web', undefined)];
const two = { 'a/web': [endpoint('web-1', '10.1.0.1'), endpoint('web-2', '10.1.0.2')] };

describe('Pods as members', () => {
  test('a Service without node ports is served by its Pods', () => {
    expect(membersOf(world({ policy: pods, services: inner, endpoints: two }))).toEqual([
      'web-1 10.1.0.1:8080 weight 1',
      'web-2 10.1.0.2:8080 weight 1',
    ]);
  });

  test('two Services over the same Pods make each Pod one member', () => {
    const services = [...inner, serviceWith('twin', undefined)];
    const endpoints = { ...two, 'a/twin': two['a/web'] };
    expect(membersOf(world({ policy: pods, backends: [{}, { service: 'twin' }], services, endpoints }))).toEqual([
      'web-1 10.1.0.1:8080 weight 256',
      'web-2 10.1.0.2:8080 weight 256',
    ]);
  });

  test('a Service that has no node port and is asked for one is told what to do', () => {
    expect(decide(world({ services: inner })).verdicts.map(({ problem }) => problem?.reason)).toEqual(['NoNodePort']);
  });

  test('another target type is one write: the new members come while the old ones drain', () => {
    const nodes = world({ endpoints: two });
    const seen = programmed(decide(nodes).wanted);
    expect(writes(decide(world({ policy: pods, endpoints: two }), seen).plan.operations)).toEqual([
      [
        'n1~20261122T100030Z 10.0.0.1:30001 weight 0',
        'n2~20261122T100030Z 10.0.0.2:30001 weight 0',
        'web-1 10.1.0.1:8080 weight 1',
        'web-2 10.1.0.2:8080 weight 1',
      ],
    ]);
  });
});

describe('shares', () => {
  const services = [service('a', 'web', 30001), service('a', 'next', 30002), service('a', 'dr', 30003)];
  const backends = [{ weight: 90 }, { service: 'next', weight: 10 }, { service: 'dr', role: 'Backup' as const }];

  test('90:10 and a backup over two nodes', () => {
    expect(membersOf(world({ backends, services }))).toEqual([
      'n1 10.0.0.1:30001 weight 256',
      'n1 10.0.0.1:30002 weight 28',
      'n1 10.0.0.1:30003 weight 1 backup',
      'n2 10.0.0.2:30001 weight 256',
      'n2 10.0.0.2:30002 weight 28',
      'n2 10.0.0.2:30003 weight 1 backup',
    ]);
  });

  test('a held rule keeps the weights and roles of what stays', () => {
    const seen = programmed(decide(world({ backends, services })).wanted);
    const without = world({ backends, services: services.slice(0, 1).concat(services.slice(2)) });
    expect(writes(decide(without, seen).plan.operations)).toEqual([
      [
        'n1 10.0.0.1:30001 weight 256',
        'n1 10.0.0.1:30003 weight 1 backup',
        'n2 10.0.0.2:30001 weight 256',
        'n2 10.0.0.2:30003 weight 1 backup',
      ],
    ]);
  });
});

const monitorsOf = (given: ReturnType<typeof world>) =>
  decide(given).wanted.monitors.map(({ type, http }) => `${type} ${http?.path ?? ''}`.trim());

describe('externalTrafficPolicy Local', () => {
  const local = [serviceWith('web', 30001, { trafficPolicy: 'Local', healthCheckNodePort: 32100 })];
  const onN1 = { 'a/web': [endpoint('web-1', '10.1.0.1', { node: 'n1' })] };

  test('only nodes with a ready Pod, watched where kube-proxy tells of it', () => {
    const given = world({ services: local, endpoints: onN1 });
    expect(membersOf(given)).toEqual(['n1 10.0.0.1:30001 weight 1 monitor 32100']);
    expect(monitorsOf(given)).toEqual(['HTTP /healthz']);
  });

  test('a Service of type NodePort has no such port: its node port is watched', () => {
    const services = [serviceWith('web', 30001, { trafficPolicy: 'Local' })];
    const given = world({ services, endpoints: onN1 });
    expect([membersOf(given), monitorsOf(given)]).toEqual([['n1 10.0.0.1:30001 weight 1'], ['TCP']]);
  });

  test('a pool has one monitor: beside a backend that has no such port, node ports are watched', () => {
    const services = [...local, service('a', 'other', 30002)];
    const given = world({ services, endpoints: onN1, backends: [{}, { service: 'other' }] });
    expect([membersOf(given), monitorsOf(given)]).toEqual([
      ['n1 10.0.0.1:30001 weight 256', 'n1 10.0.0.1:30002 weight 128', 'n2 10.0.0.2:30002 weight 128'],
      ['TCP'],
    ]);
  });

  test('a monitor that somebody chose asks the port that requests go to', () => {
    const policy: BackendPolicySpec = { healthMonitor: { type: 'HTTP', path: '/up' } };
    const given = world({ services: local, endpoints: onN1, policy });
    expect([membersOf(given), monitorsOf(given)]).toEqual([['n1 10.0.0.1:30001 weight 1'], ['HTTP /up']]);
  });

  test('a node that lost its last Pod drains, and keeps being watched where it was', () => {
    const seen = programmed(decide(world({ services: local, endpoints: onN1 })).wanted);
    const moved = world({ services: local, endpoints: { 'a/web': [endpoint('web-2', '10.1.0.2', { node: 'n2' })] } });
    expect(writes(decide(moved, seen).plan.operations)).toEqual([
      ['n1~20261122T100030Z 10.0.0.1:30001 weight 0 monitor 32100', 'n2 10.0.0.2:30001 weight 1 monitor 32100'],
    ]);
  });
});

const select = (value: string): BackendPolicySpec => ({
  nodeSelector: { matchLabels: { edge: value }, matchExpressions: [] },
});

describe('nodeSelector', () => {
  const edge = { ...node('n2', '10.0.0.2'), labels: { edge: 'yes' } };
  const nodes = [node('n1', '10.0.0.1'), edge];

  test('only nodes that it matches', () => {
    expect(membersOf(world({ nodes, policy: select('yes') }))).toEqual(['n2 10.0.0.2:30001 weight 1']);
  });

  test('one that matches no node keeps the last members and tells so', () => {
    const seen = programmed(decide(world({ nodes, policy: select('yes') })).wanted);
    const { plan, verdicts } = decide(world({ nodes, policy: select('yse') }), seen);
    expect({ plan: plan.operations, verdicts: verdicts.map(({ state, problem }) => [state, problem?.reason]) }).toEqual(
      {
        plan: [],
        verdicts: [['Pending', 'NoReadyNodes']],
      },
    );
  });

  test('concerns no Pods', () => {
    const policy = { ...select('nobody'), ...pods };
    expect(decide(world({ policy, endpoints: two })).verdicts.map(({ state }) => state)).toEqual(['Programmed']);
  });
});

const persistenceOf = (given: ReturnType<typeof world>) => decide(given).wanted.pools.map((pool) => pool.persistence);

describe('pools', () => {
  test('persistence in the words of Octavia', () => {
    const asked: readonly BackendPolicySpec[] = [
      { sessionPersistence: { type: 'None' } },
      { sessionPersistence: { type: 'HTTPCookie' } },
      { sessionPersistence: { type: 'AppCookie', cookieName: 'sid' } },
    ];
    expect(asked.flatMap((policy) => persistenceOf(world({ policy })))).toEqual([
      undefined,
      { type: 'HTTP_COOKIE', cookieName: undefined, timeout: undefined },
      { type: 'APP_COOKIE', cookieName: 'sid', timeout: undefined },
    ]);
    const timed: BackendPolicySpec = { sessionPersistence: { type: 'SourceIP', timeout: 60_000 } };
    const services = [serviceWith('web', 30001, { ports: [{ ...udpPort, nodePort: 30001 }] })];
    expect(persistenceOf(world({ policy: timed, protocol: 'UDP', services }))).toEqual([
      { type: 'SOURCE_IP', cookieName: undefined, timeout: 60 },
    ]);
  });

  const udpPort = { name: 'http', port: 80, protocol: 'UDP', nodePort: 30001, targetPort: undefined } as const;

  test("a Service's ClientIP is the default, and a route's None is stronger", () => {
    const services = [serviceWith('web', 30001, { clientAffinity: 10_800_000 })];
    const none: BackendPolicySpec = { sessionPersistence: { type: 'None' } };
    expect([...persistenceOf(world({ services })), ...persistenceOf(world({ services, policy: none }))]).toEqual([
      { type: 'SOURCE_IP', cookieName: undefined, timeout: undefined },
      undefined,
    ]);
  });

  test('persistence changes in place', () => {
    const seen = programmed(decide(world()).wanted);
    const policy: BackendPolicySpec = { sessionPersistence: { type: 'SourceIP' } };
    expect(kinds(decide(world({ policy }), seen).plan.operations)).toEqual(['updatePool']);
  });

  test.each([
    ['http', 'updatePolicy'],
    ['TCP', 'updateListener'],
  ] as const)(
    'a PROXY header on %s: the new pool is there and pointed to before the old one goes',
    (protocol, repoint) => {
      const seen = programmed(decide(world({ protocol })).wanted);
      const there = decide(world({ protocol, policy: { proxyProtocol: 'V2' } }), seen);
      expect(kinds(there.plan.operations)).toEqual([
        'createPool',
        'replaceMembers',
        'createMonitor',
        repoint,
        'deletePool',
      ]);
      expect(there.wanted.pools.map((pool) => pool.protocol)).toEqual(['PROXYV2']);
      const back = decide(world({ protocol }), programmed(there.wanted));
      expect(kinds(back.plan.operations)).toEqual([
        'createPool',
        'replaceMembers',
        'createMonitor',
        repoint,
        'deletePool',
      ]);
    },
  );

  test('a monitor of another type is another monitor', () => {
    const seen = programmed(decide(world()).wanted);
    const policy: BackendPolicySpec = { healthMonitor: { type: 'TLSHello' } };
    const { plan, wanted } = decide(world({ policy }), seen);
    expect([kinds(plan.operations), wanted.monitors.map(({ type }) => type)]).toEqual([
      ['deleteMonitor', 'createMonitor'],
      ['TLS-HELLO'],
    ]);
  });
});
