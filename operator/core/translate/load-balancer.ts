import { type Digest, readBalancerName } from '../model/brand.ts';
import { cutMiddle, displayName } from '../model/display-name.ts';
import type { Intents } from '../model/intents.ts';
import { loadBalancerKey } from '../model/key.ts';
import type { Resolved, Seen } from '../model/seen.ts';
import { balancerDescription, bodyHash } from '../model/tags.ts';
import type { WantedAddress, WantedLoadBalancer, WantedVip } from '../model/wanted.ts';

interface Input {
  readonly intents: Intents;
  readonly seen: Seen;
  readonly digest: Digest;
}

export function wantedLoadBalancer({ intents, seen, digest }: Input): WantedLoadBalancer {
  const { name: balancer, cluster, uid, spec } = intents.balancer;
  const { kind, namespace, name: object } = readBalancerName(balancer);
  const body = {
    name: displayName(`${balancer}/lb`, loadBalancerKey, digest),
    description: cutMiddle(`${kind} ${namespace}/${object}, made by Octopool`, 255),
  };
  return {
    ...body,
    tags: { cluster, balancer: uid, key: loadBalancerKey, hash: bodyHash(body, digest) },
    provider: spec.placement.provider,
    flavorId: seen.resolved.flavorId,
    availabilityZone: spec.placement.availabilityZone,
    // what cannot be resolved now stays as it is
    qosPolicyId: seen.resolved.problem === undefined ? seen.resolved.qosPolicyId : seen.loadBalancer?.qosPolicyId,
    vip: wantedVip(intents, seen.resolved, digest),
  };
}

function wantedVip(intents: Intents, resolved: Resolved, digest: Digest): WantedVip | undefined {
  const { fault } = intents.balancer;
  if (resolved.vip === undefined || resolved.problem !== undefined || fault !== undefined) return undefined;
  const { networkId, subnetId, givenPortId } = resolved.vip;
  const additional = resolved.additionalVips;
  if (givenPortId !== undefined) return { kind: 'givenPort', portId: givenPortId, subnetId, additional };
  const { name, cluster, uid } = intents.balancer;
  return {
    kind: 'ownPort',
    description: balancerDescription(cluster, uid),
    name: displayName(`${name}/vip`, loadBalancerKey, digest),
    networkId,
    subnetId,
    ...vipAddress(intents),
    additional,
  };
}

/** A balancer that is made again gets the address that it had, where that is still free. */
function vipAddress({ balancer }: Intents): Pick<Extract<WantedVip, { kind: 'ownPort' }>, 'address' | 'addressIs'> {
  const asked = balancer.spec.placement.vip?.address;
  return asked === undefined
    ? { address: balancer.formerVipAddress, addressIs: 'wished' }
    : { address: asked, addressIs: 'required' };
}

/** The floating IP side. The default is an address of one's own, unless the VIP has no IPv4 to hang it on. */
export function wantedAddress({ intents, seen }: Pick<Input, 'intents' | 'seen'>): WantedAddress {
  const { floatingIP } = intents.balancer.spec.network;
  const { resolved } = seen;
  if (intents.balancer.fault !== undefined) return { kind: 'unresolved' };
  const mode = floatingIP.mode ?? (resolved.vip?.family === 'IPv6' ? 'None' : 'Allocate');
  switch (mode) {
    case 'None':
      return { kind: 'none', reclaimPolicy: floatingIP.reclaimPolicy };
    case 'Existing':
      return resolved.existingFloatingIpId === undefined
        ? { kind: 'unresolved' }
        : { kind: 'existing', floatingIpId: resolved.existingFloatingIpId, reclaimPolicy: floatingIP.reclaimPolicy };
    case 'Allocate': {
      if (resolved.floating === undefined) return { kind: 'unresolved' };
      const { cluster, uid } = intents.balancer;
      return { kind: 'allocate', description: balancerDescription(cluster, uid), ...resolved.floating };
    }
  }
}
