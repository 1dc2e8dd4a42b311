import ipaddr from 'ipaddr.js';

/** The canonical spelling; undefined: no address. */
export function canonical(address: string): string | undefined {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : undefined;
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** Whether it reads as `10.0.0.0/8`, bits beyond the prefix allowed. */
export function isCidr(text: string): boolean {
  return ipaddr.isValidCIDR(text);
}

export function contains(cidr: string, address: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  const parsed = ipaddr.parse(address);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

/** The n-th address behind the network's own. */
export function nthAddress(cidr: string, n: number): string {
  const [network] = ipaddr.parseCIDR(cidr);
  const bytes = network.toByteArray();
  let rest = n;
  for (let at = bytes.length - 1; at >= 0 && rest > 0; at -= 1) {
    const sum = (bytes[at] ?? 0) + rest;
    bytes[at] = sum % 256;
    rest = Math.floor(sum / 256);
  }
  return ipaddr.fromByteArray(bytes).toString();
}
