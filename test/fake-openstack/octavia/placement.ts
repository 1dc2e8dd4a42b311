import { octaviaRefusal, validationFailure } from '../refusal.ts';
import type { Octavia } from './context.ts';
import type { LoadBalancerBody } from './load-balancer-fields.ts';
import type { LoadBalancer } from './records.ts';

type Placement = Pick<LoadBalancer, 'provider' | 'flavor_id' | 'availability_zone' | 'topology'>;

const providers = ['amphora', 'octavia'];

/** Provider, flavor and zone, as far as the cloud has them. */
export function placementOf({ tables, switches }: Octavia, body: LoadBalancerBody): Placement {
  const flavor = body.flavor_id == null ? undefined : tables.flavor.get(body.flavor_id);
  if (body.flavor_id != null && flavor === undefined) throw validationFailure('Invalid flavor_id.');
  if (flavor?.enabled === false)
    throw octaviaRefusal(400, `The selected flavor is not allowed in this deployment: ${flavor.id}`);
  const zone = body.availability_zone == null ? undefined : tables.availabilityZone.get(body.availability_zone);
  if (body.availability_zone != null && zone === undefined) throw validationFailure('Invalid availability zone.');
  if (zone?.enabled === false)
    throw octaviaRefusal(400, `The selected availability_zone is not allowed in this deployment: ${zone.name}`);
  const provider = body.provider ?? 'amphora';
  if (!providers.includes(provider)) throw octaviaRefusal(400, `Provider '${provider}' is not enabled.`);
  const profile = flavor === undefined ? undefined : tables.flavorProfile.get(flavor.flavor_profile_id);
  const single = /"loadbalancer_topology":\s*"SINGLE"/.test(profile?.flavor_data ?? '');
  const standby = /"loadbalancer_topology":\s*"ACTIVE_STANDBY"/.test(profile?.flavor_data ?? '');
  return {
    provider,
    flavor_id: flavor?.id ?? null,
    availability_zone: zone?.name ?? null,
    topology: single ? 'SINGLE' : standby ? 'ACTIVE_STANDBY' : switches.topology,
  };
}
