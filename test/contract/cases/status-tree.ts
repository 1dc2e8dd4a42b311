import { describe, expect, test } from '@jest/globals';
import { lbaas, sharedBalancer } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';

const pool = (name: string) => ({ name, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' });

export function statusTreeCases(cloud: () => CloudUnderTest): void {
  const shared = sharedBalancer(cloud, 'status', {
    listeners: [
      {
        name: 'http',
        protocol: 'HTTP',
        protocol_port: 80,
        default_pool: { name: 'web' },
        l7policies: [
          {
            action: 'REDIRECT_TO_POOL',
            redirect_pool: { name: 'api' },
            rules: [{ type: 'PATH', compare_type: 'STARTS_WITH', value: '/api' }],
          },
        ],
      },
      { name: 'bare', protocol: 'HTTP', protocol_port: 81 },
    ],
    pools: [
      {
        ...pool('web'),
        healthmonitor: { name: 'check', type: 'HTTP', delay: 60, timeout: 3, max_retries: 3 },
        members: [{ name: 'n1', address: '10.10.1.1', protocol_port: 8080 }],
      },
      { ...pool('api'), members: [{ address: '10.10.1.2', protocol_port: 8080 }] },
      pool('detached'),
    ],
  });

  describe('the status tree', () => {
    test('has the pools that listeners use, by default or through a policy, with monitor and members; neither detached pools nor L7', async () => {
      const id = expect.any(String);
      // heartbeats come when they come
      const states = { provisioning_status: 'ACTIVE', operating_status: expect.any(String) };
      const answer = await lbaas(cloud(), ['GET', `/loadbalancers/${shared.id()}/status`]);
      const members = (name: string, address: string) => [{ id, name, address, protocol_port: 8080, ...states }];
      const web = {
        id: shared.pool('web'),
        name: 'web',
        ...states,
        health_monitor: { id, name: 'check', type: 'HTTP', ...states },
        members: members('n1', '10.10.1.1'),
      };
      const api = { id: shared.pool('api'), name: 'api', ...states, members: members('', '10.10.1.2') };
      const http = { id: shared.listener('http'), name: 'http', ...states, pools: expect.arrayContaining([web, api]) };
      const bare = { id: shared.listener('bare'), name: 'bare', ...states, pools: [] };
      const loadbalancer = {
        id: shared.id(),
        name: 'status',
        ...states,
        listeners: expect.arrayContaining([http, bare]),
      };
      expect(answer).toEqual({ status: 200, body: { statuses: { loadbalancer } } });
    });

    test('is read by the SDK with nothing left out', async () => {
      const tree = await cloud().user('tenant-a').cloud.octavia.loadBalancers.statusTree(shared.id());
      const lines = tree.listeners.flatMap((listener) => [
        listener.name,
        ...listener.pools.map((one) => {
          const monitor = one.health_monitor?.type ?? 'unwatched';
          return `${listener.name} ${one.name} ${monitor} ${one.members.map((each) => each.address).join(' ')}`;
        }),
      ]);
      expect(lines.toSorted()).toEqual(['bare', 'http', 'http api unwatched 10.10.1.2', 'http web HTTP 10.10.1.1']);
    });
  });
}
