import { afterAll, beforeAll } from '@jest/globals';
import type { LoadBalancerCreate } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { CloudUnderTest, UserName } from './cloud-under-test.ts';
import type { RawAnswer, RawRequest } from './raw-call.ts';

/** A load balancer of tenant-a that the cases of one describe block share. */
export interface Balancer {
  readonly id: () => string;
  /** Ids of what the tree had at the beginning, by their names. */
  readonly listener: (name: string) => string;
  readonly pool: (name: string) => string;
  /** A change that is accepted: done when the load balancer is mutable, over when it is so again. */
  change<T>(step: () => Promise<T>): Promise<T>;
}

export type Tree = Omit<LoadBalancerCreate, 'name' | 'vip_subnet_id'>;

/** Made before the first case and removed with everything in it after the last one. One amphora unless the tree says a flavor: that is quicker. */
export function sharedBalancer(
  cloud: () => CloudUnderTest,
  name: string,
  tree: Tree | ((cloud: CloudUnderTest) => Tree) = {},
): Balancer {
  let id = '';
  const listeners = new Map<string, string>();
  const pools = new Map<string, string>();
  beforeAll(async () => {
    id = await makeBalancer(cloud(), { name, ...(typeof tree === 'function' ? tree(cloud()) : tree) });
    const { octavia } = cloud().user('tenant-a').cloud;
    for (const one of await octavia.listeners.list({ loadbalancer_id: id })) listeners.set(one.name, one.id);
    for (const one of await octavia.pools.list({ loadbalancer_id: id })) pools.set(one.name, one.id);
  });
  afterAll(() => {
    if (id !== '') removeLater(cloud(), id);
  });
  return {
    id: () => id,
    listener: (of) => listeners.get(of) ?? missing('listener', of),
    pool: (of) => pools.get(of) ?? missing('pool', of),
    change: async (step) => {
      await cloud().waitActive(id);
      const answer = await step();
      await cloud().waitActive(id);
      return answer;
    },
  };
}

/** Of tenant-a, ACTIVE when this is over. On `tenant-a-subnet` and with one amphora unless said otherwise. */
export async function makeBalancer(cloud: CloudUnderTest, body: LoadBalancerCreate): Promise<string> {
  const placed = 'vip_port_id' in body || 'vip_network_id' in body ? {} : { vip_subnet_id: cloud.net.subnet };
  const { id } = await cloud
    .user('tenant-a')
    .cloud.octavia.loadBalancers.create({ ...placed, flavor_id: cloud.flavors.single, ...body });
  await cloud.waitActive(id);
  return id;
}

/** With everything in it; gone when this is over. */
export async function removeBalancer(cloud: CloudUnderTest, id: string): Promise<void> {
  const { octavia } = cloud.user('tenant-a').cloud;
  await octavia.untilMutable({ id, budgetMs: 180_000 });
  await octavia.loadBalancers.removeCascade(id).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  await cloud.waitGone(id);
}

const underWay = new Map<string, Promise<unknown>>();

/** The same in the background, for that takes seconds: `allRemoved` is its end. */
export function removeLater(cloud: CloudUnderTest, id: string): void {
  if (underWay.has(id)) return;
  const removed = removeBalancer(cloud, id).then(
    () => undefined,
    (error: unknown) => error,
  );
  underWay.set(id, removed);
}

/** Throws the first failure of a removal. */
export async function allRemoved(): Promise<void> {
  const failures = (await Promise.all(underWay.values())).filter((one) => one !== undefined);
  underWay.clear();
  if (failures.length > 0) throw failures[0];
}

/** Calls below Octavia's `/v2/lbaas`, as tenant-a unless said otherwise. */
export function lbaas(
  cloud: CloudUnderTest,
  [method, path, body]: readonly [RawRequest['method'], string, unknown?],
  as: UserName = 'tenant-a',
): Promise<RawAnswer> {
  return cloud.user(as).call({ service: 'octavia', method, path: `/v2/lbaas${path}`, body });
}

export function neutron(
  cloud: CloudUnderTest,
  [method, path, body]: readonly [RawRequest['method'], string, unknown?],
  as: UserName = 'tenant-a',
): Promise<RawAnswer> {
  return cloud.user(as).call({ service: 'neutron', method, path: `/v2.0${path}`, body });
}

function missing(kind: string, name: string): never {
  throw new Error(`the balancer had no ${kind} ${name} at the beginning`);
}
