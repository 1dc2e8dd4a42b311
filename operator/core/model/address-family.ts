export type Family = 'IPv4' | 'IPv6';

/** Of an address or a network, in its text form. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}
