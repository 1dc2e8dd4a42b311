import type { Placement } from '../model/balancer-spec.ts';
import type { Problem } from '../model/reason.ts';
import type { Seen, SeenLoadBalancer } from '../model/seen.ts';
import type { BalancerObject } from '../model/snapshot.ts';
import type { CloudRef } from '../model/terms.ts';

/** What is asked of the placement of a load balancer that stands, in the words of whoever asks. */
interface Asked {
  readonly field: string;
  readonly annotation: string;
  readonly wanted: string | undefined;
  /** undefined beside something wanted: it has none. */
  readonly has: string | undefined;
}

/** Of a SharedBalancer the API server refuses such a change; of annotations it does not. */
export function placementChanged({ kind, spec }: BalancerObject, seen: Seen | undefined): Problem | undefined {
  const loadBalancer = seen?.loadBalancer;
  if ('invalid' in spec || loadBalancer === undefined) return undefined;
  const changed = changes(spec.placement, loadBalancer, seen?.resolved.vip?.networkId).find(
    ({ wanted, has }) => wanted !== undefined && wanted !== has,
  );
  if (changed === undefined) return undefined;
  const { field, annotation, wanted, has = 'none' } = changed;
  const what = kind === 'Service' ? annotation : field;
  const way = kind === 'Service' ? 'make the Service again' : 'create a second SharedBalancer';
  return {
    reason: 'ImmutableField',
    message: `${what} asks for ${wanted} and the load balancer has ${has}, which Octavia cannot change. Set it back, or ${way}.`,
  };
}

function changes(
  { provider, vip, flavor, availabilityZone }: Placement,
  { vipAddress, vipSubnetId, vipPortId, flavorId, ...has }: SeenLoadBalancer,
  networkId: string | undefined,
): readonly Asked[] {
  const ref = { subnet: undefined, network: undefined, port: undefined, ...vip };
  return [
    { field: 'placement.provider', annotation: '', wanted: provider, has: has.provider },
    { field: 'placement.vip.address', annotation: 'spec.loadBalancerIP', wanted: vip?.address, has: vipAddress },
    byId('placement.vip.subnet', 'subnet-id', ref.subnet, vipSubnetId),
    // while it is not known which network the address is on, nothing is said of it
    byId('placement.vip.network', 'network-id', networkId === undefined ? undefined : ref.network, networkId),
    byId('placement.vip.port', 'port-id', ref.port, vipPortId),
    byId('placement.flavor', 'flavor-id', flavor, flavorId),
    {
      field: 'placement.availabilityZone',
      annotation: 'loadbalancer.openstack.org/availability-zone',
      wanted: availabilityZone,
      has: has.availabilityZone,
    },
  ];
}

/** A name may have been given to another object since; only ids are compared. */
function byId(field: string, annotation: string, ref: CloudRef | undefined, has: string | undefined): Asked {
  const wanted = ref !== undefined && 'id' in ref ? ref.id : undefined;
  return { field, annotation: `loadbalancer.openstack.org/${annotation}`, wanted, has };
}
