import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { FloatingIPSpec } from '../core/model/balancer-spec.ts';
import type { CloudId } from '../core/model/brand.ts';
import { fitsPattern, type SubnetPattern } from '../core/model/subnet-pattern.ts';
import { Unresolved } from './by-ref.ts';
import { subnet } from './resolve-vip.ts';

/**
 * Subnets of a floating network that may give the address, the first to be tried first; empty: any. By a pattern they are those of IPv4 that
 * fit, by name. Throws Unresolved.
 */
export async function floatingSubnets(
  cloud: SdkCloud,
  of: { readonly networkId: CloudId; readonly subnet: FloatingIPSpec['subnet'] },
  call: Call,
): Promise<readonly CloudId[]> {
  if (of.subnet === undefined) return [];
  if (!('tags' in of.subnet)) return [(await subnet(cloud, of.subnet, call)).id as CloudId];
  const pattern: SubnetPattern = of.subnet;
  const all = await cloud.neutron.subnets.list({ network_id: of.networkId, ip_version: 4 }, call);
  const fitting = all
    .filter((one) => one.ip_version === 4 && fitsPattern(pattern, one))
    .toSorted((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  if (fitting.length === 0)
    throw new Unresolved({
      reason: 'CloudResourceNotFound',
      message: `No IPv4 subnet of floating network ${of.networkId} fits floating-subnet and floating-subnet-tags; the project sees ${all.length}. Correct them.`,
    });
  return fitting.map(({ id }) => id as CloudId);
}
