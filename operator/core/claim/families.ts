import { type Family, familyOf } from '../model/address-family.ts';
import type { BalancerIntent, PoolIntent } from '../model/intents.ts';
import type { Seen } from '../model/seen.ts';

/** Of the balancer's addresses; undefined: not known yet. */
export function vipFamilies({ loadBalancer, resolved }: Seen): ReadonlySet<Family> | undefined {
  if (loadBalancer !== undefined)
    return new Set([loadBalancer.vipAddress, ...loadBalancer.additionalVipAddresses].map(familyOf));
  const { vip, additionalVips } = resolved;
  const additional = additionalVips.flatMap(({ address }) => (address === undefined ? [] : [familyOf(address)]));
  if (vip === undefined || additional.length < additionalVips.length) return undefined;
  return new Set([vip.family, ...additional]);
}

/** Of what a pool sends to. */
export function memberFamilies({ backends }: PoolIntent, { nodes }: BalancerIntent): ReadonlySet<Family> {
  const addresses = backends.flatMap(({ target }) =>
    (target.type === 'PodIP' ? target.pods : nodes).map(({ address }) => address),
  );
  return new Set(addresses.map(familyOf));
}
