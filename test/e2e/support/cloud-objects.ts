import type { Listener } from 'openstack-sdk-lite/octavia/v2/listeners';
import type { Member } from 'openstack-sdk-lite/octavia/v2/members';
import type { Pool } from 'openstack-sdk-lite/octavia/v2/pools';
import type { World } from './world.ts';

/** Octavia's own objects, by the readable half of their names: `edge/public/http`, `team-a/shop/all`. */

export async function listenerNamed({ cloud }: World, loadBalancer: string, name: string): Promise<Listener> {
  return named(await cloud.octavia.listeners.list({ loadbalancer_id: loadBalancer }), name);
}

export async function poolNamed({ cloud }: World, loadBalancer: string, name: string): Promise<Pool> {
  return named(await cloud.octavia.pools.list({ loadbalancer_id: loadBalancer }), name);
}

/** Members of a pool by the name of their node. */
export async function membersOf({ cloud }: World, pool: string): Promise<Readonly<Record<string, Member>>> {
  const members = await cloud.octavia.membersOf(pool).list({});
  return Object.fromEntries(members.map((member) => [member.name.split('#')[0] ?? '', member]));
}

function named<T extends { readonly name: string }>(objects: readonly T[], name: string): T {
  const found = objects.find((one) => one.name.startsWith(`${name}#`));
  if (found === undefined) throw new Error(`no ${name} among ${objects.map((one) => one.name).join(', ')}`);
  return found;
}
