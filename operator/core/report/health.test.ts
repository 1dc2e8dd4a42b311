import { describe, expect, test } from '@jest/globals';
import { decide, serviceWith, world, type WorldOptions } from '../../../test/support/backends-world.ts';
import { endpoint, node, programmed } from '../../../test/support/core-fixtures.ts';
import type { Seen } from '../model/seen.ts';
import type { RouteObject } from '../model/snapshot.ts';
import { healthText, routeHealth } from './health.ts';

const told = (of: WorldOptions, seen: Seen = programmed(decide(world(of)).wanted)): readonly string[] => {
  const snapshot = world(of);
  const health = routeHealth(snapshot.routes[0] as RouteObject, { seen, snapshot });
  return [healthText(health), `${health.saying.status} ${health.saying.reason}`, health.saying.message];
};

const selected = serviceWith('web', 30001, { selector: { app: 'web', tier: 'front' } });
const all = ['2/2', 'True AllHealthy', 'every member answers its health monitor'];

describe('health of backends', () => {
  test('a Service with a selector and without any slice: nothing is known of its Pods', () => {
    expect(told({ services: [selected] })).toEqual(all);
  });

  test('a selector that matches no Pod is named, whatever the node ports say', () => {
    expect(told({ services: [selected], endpoints: { 'a/web': [] } })).toEqual([
      '2/2',
      'False NoEndpoints',
      'Service web: its selector app=web,tier=front matches no Pod. Correct it, or start the Pods.',
    ]);
  });

  test.each([
    ['an empty slice', { 'a/web': [] }],
    ['no slice at all, as nobody writes one for it', {}],
  ])('a Service without selector and with %s says so', (_, endpoints) => {
    const services = [serviceWith('web', 30001, { selector: undefined })];
    expect(told({ services, endpoints })).toEqual([
      '2/2',
      'False NoEndpoints',
      'Service web: it has no selector and nobody wrote endpoints for it. Write an EndpointSlice, or give it a selector.',
    ]);
  });

  test('a port name that no Pod declares is named', () => {
    const port = { name: 'admin', port: 80, protocol: 'TCP', nodePort: 30001, targetPort: 'adm' } as const;
    const services = [serviceWith('web', 30001, { ports: [port] })];
    expect(told({ services, endpoints: { 'a/web': [endpoint('web-1', '10.1.0.1')] } }).slice(1)).toEqual([
      'False TargetPortNotFound',
      'Service web port 80: no selected Pod declares a container port named adm. Correct targetPort, or name the port in the Pods.',
    ]);
  });

  test('Pods of which none is ready are told of, where no member would', () => {
    const policy = { targetType: 'PodIP' } as const;
    const endpoints = { 'a/web': ['1', '2'].map((n) => endpoint(`web-${n}`, `10.1.0.${n}`, { ready: false })) };
    expect(told({ policy, endpoints })).toEqual([
      '-',
      'False NoHealthyMembers',
      'Service web: none of its 2 Pods is ready. Look at their readiness probes.',
    ]);
  });

  test('nobody expects an answer of a backend with weight 0', () => {
    const services = [selected, serviceWith('next', 30002)];
    const endpoints = { 'a/next': [] };
    expect(told({ services, endpoints, backends: [{}, { service: 'next', weight: 0 }] })[1]).toBe('True AllHealthy');
  });

  test('a member that drains counts neither as well nor as ill', () => {
    const nodes = [node('n1', '10.0.0.1'), { ...node('n2', '10.0.0.2'), leaving: true }];
    const seen = programmed(decide(world({ nodes }), programmed(decide(world()).wanted)).wanted);
    const ill = {
      ...seen,
      pools: seen.pools.map((pool) => ({
        ...pool,
        members: pool.members.map((member) => ({
          ...member,
          operatingStatus: member.name.includes('~') ? 'ERROR' : 'ONLINE',
        })),
      })),
    };
    expect(told({ nodes }, ill)).toEqual(['1/1', ...all.slice(1)]);
  });
});
