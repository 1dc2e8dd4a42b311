import { expect, test } from '@jest/globals';
import { canonicalCidrs } from './cidr.ts';

test('networks are written as Octavia writes them: no bits behind the prefix, short IPv6, each once and sorted', () => {
  expect(canonicalCidrs(['192.0.2.77/24', '2001:DB8:0:0:0::1/32', '192.0.2.0/24', '10.0.0.1/32', '::/0'])).toEqual([
    '10.0.0.1/32',
    '192.0.2.0/24',
    '2001:db8::/32',
    '::/0',
  ]);
});

test('no network at all stays none', () => {
  expect(canonicalCidrs([])).toEqual([]);
});
