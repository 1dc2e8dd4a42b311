import { startFakeOpenStack } from '../fake-openstack/fake-openstack.ts';
import type { Place } from './cloud-under-test.ts';

/** The fake, in this process. Its changes take a moment only, so that what a case does while one is under way is not luck. */
export async function fakePlace(): Promise<Place> {
  const fake = await startFakeOpenStack({ switches: { delays: { default: 60 } } });
  return {
    cloudsYaml: fake.cloudsYaml,
    tenants: {
      a: {
        name: 'tenant-a',
        cidr: '10.10.0.0/16',
        gateway: '10.10.0.1',
        cidr6: 'fd00:10:10::/64',
        inside: /^10\.10\.\d+\.\d+$/,
        inside6: /^fd00:10:10::/,
      },
      b: { name: 'tenant-b' },
    },
    faults: {
      delay: async (balancer, seconds) => void fake.do({ do: 'slow', balancer, ms: seconds * 1_000 }),
      failNext: async (balancer) => void fake.do({ do: 'outcome', balancer, outcome: 'failed' }),
      clear: async () => {
        fake.do({ do: 'clear-outcomes' });
        fake.do({ do: 'clear-slow' });
      },
    },
    close: () => fake.stop(),
  };
}
