import { expect, test } from '@jest/globals';
import { fixture } from './fixture.ts';

const balancers = 40;
const routes = 50;

const pools = Array.from({ length: routes }, (_, at) => ({
  name: `pool-${at}`,
  protocol: 'HTTP',
  lb_algorithm: 'ROUND_ROBIN',
  tags: [`route=${at}`],
  members: [{ address: '10.10.1.1', protocol_port: 30_000 + at }],
}));

function tree(at: number) {
  return {
    name: `balancer-${at}`,
    tags: ['cluster=c', `balancer=${at}`],
    listeners: [
      {
        name: 'http',
        protocol: 'HTTP',
        protocol_port: 80,
        tags: ['cluster=c', `balancer=${at}`],
        l7policies: pools.map(({ name }) => ({
          name,
          tags: ['cluster=c', `balancer=${at}`],
          action: 'REDIRECT_TO_POOL',
          redirect_pool: { name },
          rules: [{ type: 'HOST_NAME', compare_type: 'EQUAL_TO', value: `${name}.example.org` }],
        })),
      },
    ],
    pools,
  };
}

test('holds two thousand routes on forty balancers, and finds one balancer’s among them', async () => {
  const on = await fixture();
  try {
    const { octavia } = on.as('tenant-a');
    const vip_subnet_id = await on.subnet();
    for (let at = 0; at < balancers; at += 1) await octavia.loadBalancers.create({ vip_subnet_id, ...tree(at) });
    const [last] = await octavia.loadBalancers.list({ tags: ['cluster=c', `balancer=${balancers - 1}`] });
    const id = last?.id ?? '';
    await on.active(id);
    expect(await octavia.l7Policies.list({ tags: ['cluster=c', `balancer=${balancers - 1}`] })).toHaveLength(routes);
    expect(await octavia.pools.list({ loadbalancer_id: id })).toHaveLength(routes);
    const status = await octavia.loadBalancers.statusTree(id);
    expect(status.listeners.map((listener) => listener.pools.length)).toEqual([routes]);
    // more than a page of a thousand, by the walk that the links do not help with
    expect(await octavia.pools.list()).toHaveLength(balancers * routes);
  } finally {
    await on.close();
  }
}, 120_000);
