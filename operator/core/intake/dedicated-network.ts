import type { BalancerSpec, FloatingIPSpec, Placement, VipSpec } from '../model/balancer-spec.ts';
import type { PlainService } from '../model/plain-service.ts';
import type { CloudRef } from '../model/terms.ts';
import { said } from './annotations.ts';
import { reachOf } from './service-reach.ts';

/** Where a load balancer of one stands, as annotations of its Service say. */
export function placement(service: PlainService): Placement {
  const { annotations } = service;
  return {
    provider: undefined,
    flavor: byId(said(annotations, 'loadbalancer.openstack.org/flavor-id')),
    availabilityZone: said(annotations, 'loadbalancer.openstack.org/availability-zone'),
    topology: undefined,
    vip: vip(service),
    additionalVips: [],
  };
}

/** The most exact word counts: a port is on a subnet, and that on a network. */
function vip(service: PlainService): VipSpec | undefined {
  const { annotations } = service;
  const port = byId(said(annotations, 'loadbalancer.openstack.org/port-id'));
  const subnet = byId(said(annotations, 'loadbalancer.openstack.org/subnet-id'));
  const network = byId(said(annotations, 'loadbalancer.openstack.org/network-id'));
  // of a public one spec.loadBalancerIP means the floating IP
  const reach = reachOf(service);
  const address = reach.internal ? reach.address : undefined;
  if (port !== undefined) return { port, address };
  if (subnet !== undefined) return { subnet, address };
  if (network !== undefined) return { network, address };
  return address === undefined ? undefined : { beside: 'nodes', address };
}

export function memberSubnet({ annotations }: PlainService): BalancerSpec['network']['memberSubnet'] {
  return byId(said(annotations, 'loadbalancer.openstack.org/member-subnet-id'));
}

export function floatingIP(service: PlainService): FloatingIPSpec {
  const { annotations } = service;
  const reach = reachOf(service);
  const address = reach.internal ? undefined : reach.address;
  return {
    mode: reach.internal ? 'None' : address === undefined ? undefined : 'Existing',
    address,
    network: byId(said(annotations, 'loadbalancer.openstack.org/floating-network-id')),
    subnet: floatingSubnet(service),
    reclaimPolicy: said(annotations, 'loadbalancer.openstack.org/keep-floatingip') === true ? 'Retain' : 'Delete',
  };
}

function floatingSubnet({ annotations }: PlainService): FloatingIPSpec['subnet'] {
  const id = byId(said(annotations, 'loadbalancer.openstack.org/floating-subnet-id'));
  if (id !== undefined) return id;
  const name = said(annotations, 'loadbalancer.openstack.org/floating-subnet');
  const tags = said(annotations, 'loadbalancer.openstack.org/floating-subnet-tags');
  return name === undefined && tags === undefined ? undefined : { name, tags };
}

function byId(id: string | undefined): CloudRef | undefined {
  return id === undefined ? undefined : { id };
}
