import ipaddr from 'ipaddr.js';
import type { IpAddress } from '../core/model/brand.ts';

/** The canonical text of an address; undefined for what is none. `::ffff:a.b.c.d` is an IPv6 address here as in Neutron. */
export function ipAddress(text: string): IpAddress | undefined {
  // isValidFourPartDecimal: the library would also read `10.1` and `0x7f.1` as addresses
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString() as IpAddress;
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toRFC5952String() as IpAddress;
}
