import { type Balancer, sharedBalancer, type Tree } from './balancer.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';

/** One load balancer that most cases share, for a new one takes seconds: each leaves it as it was. */
export function stageOf(cloud: () => CloudUnderTest): Balancer {
  return sharedBalancer(cloud, 'stage', tree);
}

const http = (name: string) => ({ name, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' });

const tree: Tree = {
  tags: ['contract=stage'],
  listeners: [
    { name: 'http', protocol: 'HTTP', protocol_port: 80, default_pool: http('web') },
    { name: 'bare', protocol: 'HTTP', protocol_port: 81 },
    {
      name: 'routed',
      protocol: 'HTTP',
      protocol_port: 82,
      default_pool: { name: 'shop' },
      l7policies: [
        {
          action: 'REDIRECT_TO_POOL',
          redirect_pool: { name: 'api' },
          rules: [{ type: 'PATH', compare_type: 'STARTS_WITH', value: '/api' }],
        },
      ],
    },
    {
      name: 'tcp',
      protocol: 'TCP',
      protocol_port: 9000,
      default_pool: { name: 'tcp', protocol: 'TCP', lb_algorithm: 'SOURCE_IP' },
    },
  ],
  pools: [
    {
      ...http('shop'),
      healthmonitor: { name: 'check', type: 'HTTP', delay: 60, timeout: 3, max_retries: 3 },
      members: [{ name: 'n1', address: '10.10.1.1', protocol_port: 8080 }],
    },
    { ...http('api'), members: [{ address: '10.10.1.2', protocol_port: 8080 }] },
    http('detached'),
  ],
};
