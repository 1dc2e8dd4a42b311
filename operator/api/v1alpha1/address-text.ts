import { z } from 'zod';
import { ruled } from './rule.ts';

/** Addresses and networks as text; their one canonical form is made where they become records. */

export function ipAddress() {
  return ruled(z.string().max(45), {
    cel: "isIP(self) && (ip(self).family() == 4 || !self.contains('.'))",
    message: 'must be an IPv4 or IPv6 address, such as 10.20.0.10 or 2001:db8::10',
    holds: (text) => isIPv4(text) || isIPv6(text),
  });
}

export function ipv4Address() {
  return ruled(z.string().max(15), {
    cel: 'isIP(self) && ip(self).family() == 4',
    message: 'must be an IPv4 address, such as 198.51.100.7',
    holds: isIPv4,
  });
}

/** An address and the length of its prefix; bits behind the prefix are ignored, as Octavia ignores them. */
export function cidr() {
  return ruled(z.string().max(43), {
    cel: "isCIDR(self) && (cidr(self).ip().family() == 4 || !self.contains('.'))",
    message:
      'must be an IPv4 or IPv6 network, such as 192.0.2.0/24 or 2001:db8::/32; a single address ends in /32 or /128',
    holds: (text) => z.cidrv4().safeParse(text).success || isCIDRv6(text),
  });
}

const isIPv4 = (text: string) => z.ipv4().safeParse(text).success;
/** Kubernetes refuses some IPv4 inside IPv6, we refuse all of it: one address has one family. */
const isIPv6 = (text: string) => z.ipv6().safeParse(text).success && !text.includes('.');
const isCIDRv6 = (text: string) => z.cidrv6().safeParse(text).success && !text.includes('.');
