import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Fixture, fixture } from './fixture.ts';

let on: Fixture;
beforeEach(async () => {
  on = await fixture();
});
afterEach(() => on.close());

test('a whole tree in one create is ACTIVE, except for the pool that nothing points to', async () => {
  const id = await on.balancer({
    name: 'whole',
    tags: ['b', 'a'],
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
    ],
    pools: [
      {
        name: 'web',
        protocol: 'HTTP',
        lb_algorithm: 'ROUND_ROBIN',
        members: [{ address: '10.10.1.1', protocol_port: 80 }],
      },
      { name: 'api', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' },
      { name: 'detached', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' },
    ],
  });
  const { octavia } = on.as('tenant-a');
  const balancer = await octavia.loadBalancers.get(id);
  expect(balancer.tags).toEqual(['a', 'b']);
  const pools = await octavia.pools.list({ loadbalancer_id: id });
  expect(Object.fromEntries(pools.map((pool) => [pool.name, pool.provisioning_status]))).toEqual({
    web: 'ACTIVE',
    api: 'ACTIVE',
    detached: 'PENDING_CREATE',
  });
  const status = await octavia.loadBalancers.statusTree(id);
  expect(status.listeners.map((listener) => listener.pools.map((pool) => [pool.name, pool.members.length]))).toEqual([
    [
      ['web', 1],
      ['api', 0],
    ],
  ]);
});
