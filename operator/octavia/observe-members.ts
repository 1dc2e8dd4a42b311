import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { Member } from 'openstack-sdk-lite/octavia/v2/members';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { SeenMemberForm } from '../core/model/seen.ts';

/** The status tree shows a member's name, not its weight or role; a twelfth of the pools has its members read at a time, by the members' ids. */
export async function formsOfSlice(
  cloud: SdkCloud,
  of: { readonly pools: readonly { readonly id: string }[]; readonly slice: number | undefined },
  call: Call,
): Promise<ReadonlyMap<string, SeenMemberForm>> {
  const chosen = of.pools.filter(({ id }) => Number.parseInt(id.slice(0, 4), 16) % 12 === of.slice);
  const members = await Promise.all(chosen.map(({ id }) => membersOf(cloud, id, call)));
  return new Map(members.flat().map((member) => [member.id, formOf(member)]));
}

/** A pool that is gone by now has none. */
async function membersOf(cloud: SdkCloud, pool: string, call: Call): Promise<readonly Member[]> {
  return cloud.octavia
    .membersOf(pool)
    .list({}, call)
    .catch((error: unknown) => {
      if (isNotFound(error)) return [];
      throw error;
    });
}

function formOf({ weight, backup, monitor_port, admin_state_up }: Member): SeenMemberForm {
  return { weight: weight ?? 1, backup, monitorPort: monitor_port ?? undefined, enabled: admin_state_up };
}
