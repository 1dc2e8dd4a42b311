import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { FloatingIp } from 'openstack-sdk-lite/neutron/v2/floating-ips';
import type { Call } from 'openstack-sdk-lite/resource';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { CloudId, IpAddress, Uid } from '../core/model/brand.ts';
import type { NodeOperation, SeenNodeAddress, SeenNodePort } from '../core/model/node-access.ts';
import { readAddressMark } from '../core/model/node-marks.ts';
import { firstExternalNetwork } from './resolve.ts';

/** Floating IPs that we made for nodes, and those that people gave to them. */
export async function nodeAddresses(
  cloud: SdkCloud,
  { cluster, ports }: { readonly cluster: Uid; readonly ports: readonly SeenNodePort[] },
  call: Call,
): Promise<readonly SeenNodeAddress[]> {
  const ofNodes = new Set<string>(ports.map(({ id }) => id));
  return (await everyFloatingIp(cloud, call))
    .map((one) => ({
      id: one.id as CloudId,
      address: one.floating_ip_address as IpAddress,
      madeFor: readAddressMark(one.description, cluster),
      portId: (one.port_id ?? undefined) as CloudId | undefined,
    }))
    .filter(({ madeFor, portId }) => madeFor !== undefined || (portId !== undefined && ofNodes.has(portId)))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** A description is only ever found whole, so ours, which names its node, cannot be asked for. */
async function everyFloatingIp(cloud: SdkCloud, call: Call): Promise<readonly FloatingIp[]> {
  try {
    return await cloud.neutron.floatingIps.list({}, call);
  } catch (error) {
    // a cloud without routers has none
    if (isNotFound(error)) return [];
    throw error;
  }
}

type AddressOperation = Extract<NodeOperation, { kind: 'createNodeAddress' | 'moveNodeAddress' | 'deleteNodeAddress' }>;

export async function performNodeAddress(cloud: SdkCloud, operation: AddressOperation, call: Call): Promise<void> {
  const { floatingIps } = cloud.neutron;
  if (operation.kind === 'deleteNodeAddress') return floatingIps.remove(operation.id, call);
  const { on, description } = operation;
  const target = { port_id: on.port.id, fixed_ip_address: on.inside.address, description };
  if (operation.kind === 'moveNodeAddress') {
    await floatingIps.update(operation.id, target, call);
    return;
  }
  const floating_network_id = await networkOutside(cloud, on.inside.id, call);
  await floatingIps.create({ ...target, floating_network_id }, call);
}

/** Where the router of the subnet leads; a router that this project does not see leaves the network that balancers would take. */
async function networkOutside(cloud: SdkCloud, subnetId: CloudId, call: Call): Promise<CloudId> {
  const interfaces = await cloud.neutron.ports.list({ fixed_ips: `subnet_id=${subnetId}` }, call);
  const devices = interfaces.flatMap(({ device_owner, device_id }) =>
    /^network:(ha_)?router/.test(device_owner) && device_id !== '' ? [device_id] : [],
  );
  for (const device of new Set(devices)) {
    const [router] = await cloud.neutron.routers.list({ id: device }, call);
    const outside = router?.external_gateway_info?.network_id;
    if (outside !== undefined) return outside as CloudId;
  }
  return firstExternalNetwork(cloud, call);
}
