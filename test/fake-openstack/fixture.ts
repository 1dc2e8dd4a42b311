import { connect, type Cloud } from 'openstack-sdk-lite/cloud';
import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import type { LoadBalancerCreate } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import { type FakeOpenStack, type FakeOptions, startFakeOpenStack } from './fake-openstack.ts';

export interface Fixture {
  readonly fake: FakeOpenStack;
  /** As a user of the fake; closed with it. */
  as(user: string): Cloud;
  /** tenant-a's id of the subnet `tenant-a-subnet`. */
  subnet(): Promise<string>;
  /** A load balancer of tenant-a that is ACTIVE when this is over. */
  balancer(body?: LoadBalancerCreate): Promise<string>;
  active(id: string): Promise<void>;
  close(): Promise<void>;
}

/** A fake OpenStack with the SDK in front of it. */
export async function fixture(options: FakeOptions = {}): Promise<Fixture> {
  const fake = await startFakeOpenStack(options);
  const clouds = new Map<string, Cloud>();
  const as = (user: string): Cloud => {
    const there = clouds.get(user);
    if (there !== undefined) return there;
    const credentials = parseCloudsYaml(fake.cloudsYaml, user);
    const cloud = connect({ credentials: async () => credentials, userAgent: 'unit/1', deadlineMs: 20_000 });
    clouds.set(user, cloud);
    return cloud;
  };
  const subnet = async () => (await as('tenant-a').neutron.subnets.list({ name: 'tenant-a-subnet' }))[0]?.id ?? '';
  const active = async (id: string) => {
    const { state } = await as('tenant-a').octavia.untilMutable({ id, budgetMs: 20_000 });
    if (state !== 'ACTIVE') throw new Error(`${id} is ${state}`);
  };
  return {
    fake,
    as,
    subnet,
    active,
    balancer: async (body = {}) => {
      const { id } = await as('tenant-a').octavia.loadBalancers.create({ vip_subnet_id: await subnet(), ...body });
      await active(id);
      return id;
    },
    close: async () => {
      await Promise.all([...clouds.values()].map((cloud) => cloud.close()));
      await fake.stop();
    },
  };
}
