import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { FloatingIp } from 'openstack-sdk-lite/neutron/v2/floating-ips';
import type { LoadBalancer } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { Port } from 'openstack-sdk-lite/neutron/v2/ports';
import type { CloudId, IpAddress } from '../core/model/brand.ts';
import type { Resolved, Seen } from '../core/model/seen.ts';
import { balancerDescription } from '../core/model/tags.ts';
import type { Owner } from './read-objects.ts';

interface Around {
  readonly owner: Owner;
  readonly found: LoadBalancer | undefined;
  readonly resolved: Resolved;
}

/** The VIP port and the floating IP: by the balancer when there is one, else by the description that we write. */
export async function addressesAround(
  cloud: SdkCloud,
  { owner, found }: Around,
  call: Call,
): Promise<Pick<Seen, 'vipPort' | 'floatingIP'>> {
  const description = balancerDescription(owner.cluster, owner.balancer);
  const [port, described] = await Promise.all([
    vipPort(cloud, { found, description }, call),
    cloud.neutron.floatingIps.list({ description }, call),
  ]);
  const ours = described.filter((one) => one.description === description);
  const onPort =
    port === undefined
      ? []
      : ours.find((one) => one.port_id === port.id) !== undefined
        ? []
        : await cloud.neutron.floatingIps.list({ port_id: port.id }, call);
  const floating = ours.find((one) => port !== undefined && one.port_id === port.id) ?? onPort[0] ?? ours[0];
  return {
    vipPort:
      port === undefined
        ? undefined
        : {
            id: port.id as CloudId,
            ours: port.description === description,
            outlives: port.device_owner !== 'Octavia',
            addresses: port.fixed_ips.map((ip) => ip.ip_address as IpAddress),
          },
    floatingIP: floating === undefined ? undefined : seenFloatingIP(floating, description),
  };
}

async function vipPort(
  cloud: SdkCloud,
  { found, description }: { readonly found: LoadBalancer | undefined; readonly description: string },
  call: Call,
): Promise<Port | undefined> {
  if (found?.vip_port_id != null) {
    return cloud.neutron.ports.get(found.vip_port_id, call).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  }
  return (await cloud.neutron.ports.list({ description }, call)).find((port) => port.description === description);
}

function seenFloatingIP(floating: FloatingIp, description: string): NonNullable<Seen['floatingIP']> {
  return {
    id: floating.id as CloudId,
    address: floating.floating_ip_address as IpAddress,
    ours: floating.description === description,
    portId: (floating.port_id ?? undefined) as CloudId | undefined,
  };
}
