import { setTimeout as pause } from 'node:timers/promises';
import { connect, type Cloud } from 'openstack-sdk-lite/cloud';
import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import { z } from 'zod';
import { type RawCaller, rawCaller } from './raw-call.ts';

/**
 * What an OpenStack must hand out so that the cases can run on it. Beside the users, these must be there, found by name:
 * networks `public` (external, 172.24.4.0/24), `tenant-a-net`, `tenant-b-net`; subnets `public-subnet`, `tenant-a-subnet`,
 * `tenant-a-subnet-v6`, `tenant-b-subnet`, a router between; QoS policies `shared-qos` (shared with all) and `tenant-b-qos`
 * (tenant-b's own); flavors `single` and `active-standby`.
 */
export interface Place {
  /** Text of a clouds.yaml with one entry for each name of `users`. */
  readonly cloudsYaml: string;
  readonly tenants: Tenants;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** What stands for tenant-a and tenant-b: projects, and their owners, of these names. Networks and so on are named after them. */
export interface Tenants {
  readonly a: {
    readonly name: string;
    readonly cidr: string;
    readonly gateway: string;
    readonly cidr6: string;
    /** Of any address in its subnets. */
    readonly inside: RegExp;
    readonly inside6: RegExp;
  };
  readonly b: { readonly name: string };
}

/** Of the names PREFIX-a and PREFIX-b, the first one's subnets being 10.NUMBER.0.0/16 and fd00:10:NUMBER::/64. */
export function tenantsOf(prefix: string, number: number): Tenants {
  return {
    a: {
      name: `${prefix}-a`,
      cidr: `10.${number}.0.0/16`,
      gateway: `10.${number}.0.1`,
      cidr6: `fd00:10:${number}::/64`,
      inside: new RegExp(String.raw`^10\.${number}\.\d+\.\d+$`),
      inside6: new RegExp(`^fd00:10:${number}::`),
    },
    b: { name: `${prefix}-b` },
  };
}

/** For one load balancer at a time, named by its id or its name. */
export interface Faults {
  /** The load balancer's creation and each change of it that follow keep it PENDING_* for at least so many seconds, or until `clear`. */
  delay(loadBalancer: string, seconds: number): Promise<void>;
  /** The next of them is accepted, and fails when it is carried out. */
  failNext(loadBalancer: string): Promise<void>;
  clear(): Promise<void>;
}

/**
 * tenant-a, tenant-b: member, load-balancer_member, creator of their own project. tenant-a-admin: load-balancer_admin in
 * tenant-a's project. tenant-a-observer: load-balancer_observer there. tenant-a-norole: member, nothing of Octavia's there.
 * tenant-a-appcred: an application credential of tenant-a. admin: administrator of the whole cloud, in a project of its own.
 */
export const users = [
  'tenant-a',
  'tenant-b',
  'tenant-a-admin',
  'tenant-a-observer',
  'tenant-a-norole',
  'tenant-a-appcred',
  'admin',
] as const;
export type UserName = (typeof users)[number];

export interface User extends RawCaller {
  readonly name: UserName;
  readonly projectId: string;
  readonly cloud: Cloud;
}

export interface CloudUnderTest {
  readonly cloudsYaml: string;
  readonly user: (name: UserName) => User;
  readonly tenants: Tenants;
  readonly faults: Faults;
  readonly net: Net;
  /** Ids by name. */
  readonly flavors: Readonly<Record<'single' | 'active-standby', string>>;
  /** Waits until a load balancer of tenant-a takes changes again; anything but ACTIVE is an error here. */
  waitActive(loadBalancerId: string): Promise<void>;
  waitError(loadBalancerId: string): Promise<void>;
  waitGone(loadBalancerId: string): Promise<void>;
  close(): Promise<void>;
}

/** Ids. */
export interface Net {
  readonly external: string;
  readonly network: string;
  readonly subnet: string;
  readonly subnet6: string;
  readonly networkB: string;
  readonly subnetB: string;
  readonly sharedQos: string;
  readonly foreignQos: string;
}

export async function openCloud(place: Place): Promise<CloudUnderTest> {
  const all = new Map<UserName, User>();
  for (const name of users) all.set(name, await openUser(place, name));
  const user = (name: UserName): User => all.get(name) ?? missing(`user ${name}`);
  const a = user('tenant-a');
  return {
    cloudsYaml: place.cloudsYaml,
    user,
    tenants: place.tenants,
    faults: place.faults,
    net: await network(a, user('tenant-b'), place.tenants),
    flavors: { single: await flavor(a, 'single'), 'active-standby': await flavor(a, 'active-standby') },
    waitActive: (id) => waitUntil(a.cloud, id, 'ACTIVE'),
    waitError: (id) => waitUntil(a.cloud, id, 'ERROR'),
    waitGone: (id) => waitUntil(a.cloud, id, 'gone'),
    close: async () => {
      await Promise.all([...all.values()].map((one) => one.cloud.close()));
      await place.close();
    },
  };
}

async function openUser(place: Place, name: UserName): Promise<User> {
  const credentials = parseCloudsYaml(place.cloudsYaml, name);
  const cloud = connect({ credentials: async () => credentials, userAgent: 'contract', deadlineMs: 120_000 });
  const projectId = (await cloud.projectId()) ?? missing(`project of ${name}`);
  return { name, projectId, cloud, ...(await rawCaller(credentials)) };
}

const longestWaitMs = 180_000;

async function waitUntil(cloud: Cloud, id: string, wanted: 'ACTIVE' | 'ERROR' | 'gone'): Promise<void> {
  const end = performance.now() + longestWaitMs;
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 500)) {
    const asked = performance.now();
    const state = await stateOf(cloud, id);
    if (state === wanted) return;
    if (!state.startsWith('PENDING_') || performance.now() > end)
      throw new Error(`load balancer ${id} is ${state}, not ${wanted}`);
    // a slow answer comes from a busy machine, where each question keeps the change itself waiting
    await pause(Math.max(wait, 4 * (performance.now() - asked)));
  }
}

async function stateOf(cloud: Cloud, id: string): Promise<string> {
  try {
    return (await cloud.octavia.loadBalancers.get(id)).provisioning_status;
  } catch (error) {
    if (isNotFound(error)) return 'gone';
    throw error;
  }
}

async function network(a: User, b: User, tenants: Tenants): Promise<Net> {
  const id = async (user: User, kind: 'networks' | 'subnets', name: string) =>
    (await user.cloud.neutron[kind].list({ name }))[0]?.id ?? missing(`${kind} ${name}`);
  return {
    external: await id(a, 'networks', 'public'),
    network: await id(a, 'networks', `${tenants.a.name}-net`),
    subnet: await id(a, 'subnets', `${tenants.a.name}-subnet`),
    subnet6: await id(a, 'subnets', `${tenants.a.name}-subnet-v6`),
    networkB: await id(b, 'networks', `${tenants.b.name}-net`),
    subnetB: await id(b, 'subnets', `${tenants.b.name}-subnet`),
    sharedQos: await qosPolicy(a, 'shared-qos'),
    foreignQos: await qosPolicy(b, `${tenants.b.name}-qos`),
  };
}

const policies = z.object({ policies: z.array(z.object({ id: z.string() })) });

async function qosPolicy(user: User, name: string): Promise<string> {
  const { body } = await user.call({ service: 'neutron', method: 'GET', path: `/v2.0/qos/policies?name=${name}` });
  return policies.parse(body).policies[0]?.id ?? missing(`QoS policy ${name}`);
}

async function flavor(user: User, name: string): Promise<string> {
  const found = (await user.cloud.octavia.flavors.list({ name }))[0];
  return found?.id ?? missing(`flavor ${name}`);
}

function missing(what: string): never {
  throw new Error(`the cloud under test has no ${what}`);
}
