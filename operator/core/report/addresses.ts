import { familyOf } from '../model/address-family.ts';
import type { PassResult } from './pass-result.ts';

/** What a balancer is reached by. The floating IP stands for the IPv4 address behind it. */
export function addressesOf({ seen }: Pick<PassResult, 'seen'>): readonly string[] {
  const { vipAddress, additionalVipAddresses = [] } = seen?.loadBalancer ?? {};
  const vips = [...(vipAddress === undefined ? [] : [vipAddress]), ...additionalVipAddresses];
  const floating = seen?.floatingIP?.portId === undefined ? undefined : seen.floatingIP.address;
  if (floating === undefined || vips.length === 0) return vips;
  return [floating, ...vips.filter((vip) => familyOf(vip) === 'IPv6')];
}
