import { startFakeOpenStack } from '../fake-openstack/fake-openstack.ts';
import { type Place, tenantsOf } from './cloud-under-test.ts';

/** The fake, in this process. Its changes take a moment only, so that what a case does while one is under way is not luck. */
export async function fakePlace(): Promise<Place> {
  const fake = await startFakeOpenStack({ switches: { delays: { default: 60 } } });
  return {
    cloudsYaml: fake.cloudsYaml,
    tenants: tenantsOf('tenant', 10),
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
