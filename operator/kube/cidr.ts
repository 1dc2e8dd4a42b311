import ipaddr from 'ipaddr.js';

/**
 * Networks as Octavia writes them: the address of the network, in canonical text. Sorted and each once, because Octavia keeps
 * them in no order. Throws on anything else: only for text that a schema has read.
 */
export function canonicalCidrs(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(canonicalCidr))].toSorted();
}

function canonicalCidr(text: string): string {
  const [address, bits] = ipaddr.parseCIDR(text);
  if (address.kind() === 'ipv4') return `${ipaddr.IPv4.networkAddressFromCIDR(text).toString()}/${bits}`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(text).toRFC5952String()}/${bits}`;
}
