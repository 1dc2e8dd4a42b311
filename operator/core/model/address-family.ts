export type Family = 'IPv4' | 'IPv6';

export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}
