import { describe, expect, test } from '@jest/globals';
import { anyId } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';

export function statusTreeCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  describe('the status tree', () => {
    test('has the pools that listeners use, by default or through a policy, with monitor and members', async () => {
      // heartbeats come when they come
      const states = { provisioning_status: 'ACTIVE', operating_status: expect.any(String) };
      const members = (name: string, address: string) => [{ id: anyId, name, address, protocol_port: 8080, ...states }];
      const shop = {
        id: stage.pool('shop'),
        name: 'shop',
        ...states,
        health_monitor: { id: anyId, name: 'check', type: 'HTTP', ...states },
        members: members('n1', '10.10.1.1'),
      };
      const api = { id: stage.pool('api'), name: 'api', ...states, members: members('', '10.10.1.2') };
      const tcp = { id: stage.pool('tcp'), name: 'tcp', ...states, members: [] };
      const web = { id: stage.pool('web'), name: 'web', ...states, members: [] };
      const listener = (name: string, pools: unknown) => ({ id: stage.listener(name), name, ...states, pools });
      const answer = await lbaas(cloud(), ['GET', `/loadbalancers/${stage.id()}/status`]);
      expect(answer).toEqual({
        status: 200,
        body: {
          statuses: { loadbalancer: { id: stage.id(), name: 'stage', ...states, listeners: expect.any(Array) } },
        },
      });
      const listeners = [
        listener('http', [web]),
        listener('bare', []),
        listener('routed', expect.arrayContaining([shop, api])),
        listener('tcp', [tcp]),
      ];
      expect(answer).toMatchObject({
        body: { statuses: { loadbalancer: { listeners: expect.arrayContaining(listeners) } } },
      });
    });

    test('has neither pools that nothing points to nor L7, and the SDK reads it with nothing left out', async () => {
      const tree = await cloud().user('tenant-a').cloud.octavia.loadBalancers.statusTree(stage.id());
      const lines = tree.listeners.flatMap((listener) => [
        listener.name,
        ...listener.pools.map((one) => {
          const monitor = one.health_monitor?.type ?? 'unwatched';
          return [listener.name, one.name, monitor, ...one.members.map((each) => each.address)].join(' ');
        }),
      ]);
      expect(lines.toSorted()).toEqual([
        'bare',
        'http',
        'http web unwatched',
        'routed',
        'routed api unwatched 10.10.1.2',
        'routed shop HTTP 10.10.1.1',
        'tcp',
        'tcp tcp unwatched',
      ]);
    });
  });
}
