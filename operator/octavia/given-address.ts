import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { CloudId } from '../core/model/brand.ts';
import { balancerDescription } from '../core/model/tags.ts';
import { notFound, Unresolved } from './by-ref.ts';
import type { Question } from './observe.ts';

type Asked = Pick<Question, 'cluster' | 'balancer'> & {
  /** Ports that the address may be on already: those of the balancer itself. */
  readonly ownPorts: readonly (string | null | undefined)[];
};

/**
 * The floating IP that a spec names. Neutron moves one from port to port without a question, and whoever may write a Service may name
 * any: so it must be free, or on the balancer's own port. Throws Unresolved.
 */
export async function givenAddress(cloud: SdkCloud, asked: Asked, call: Call): Promise<CloudId> {
  const { address = '' } = asked.balancer.spec.network.floatingIP;
  const [found] = await cloud.neutron.floatingIps.list({ floating_ip_address: address }, call);
  if (found === undefined) throw new Unresolved(notFound('floating IP', address));
  const { id, port_id: port } = found;
  const free = port === null || asked.ownPorts.includes(port) || (await isOurs(cloud, { ...asked, port }, call));
  if (free) return id as CloudId;
  throw new Unresolved({
    reason: 'AddressMismatch',
    message: `Floating IP ${address} is on another port. Take it off there, or name another address.`,
  });
}

/** The port outlives a load balancer that was deleted by hand, and keeps its floating IP. */
async function isOurs(
  cloud: SdkCloud,
  { cluster, balancer, port }: Pick<Asked, 'cluster' | 'balancer'> & { readonly port: string },
  call: Call,
): Promise<boolean> {
  try {
    const { description } = await cloud.neutron.ports.get(port, call);
    return description === balancerDescription(cluster, balancer.uid);
  } catch (error) {
    // a port of another project, which this one does not see
    if (isNotFound(error)) return false;
    throw error;
  }
}
