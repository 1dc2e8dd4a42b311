import { expect, test } from '@jest/globals';
import { ingressHostname, readHostname, shownHostname } from './hostname.ts';

test.each([
  [undefined, '*', { kind: 'every' }, '*'],
  ['shop.example.com', 'shop.example.com', { kind: 'exact', name: 'shop.example.com' }, 'shop.example.com'],
  ['*.example.com', '+.example.com', { kind: 'oneLabelBelow', domain: 'example.com' }, '*.example.com'],
] as const)('the host %p of an Ingress is kept as %p and read as it was written', (host, kept, read, shown) => {
  expect([ingressHostname(host), readHostname(kept), shownHostname(kept)]).toEqual([kept, read, shown]);
});

test('the wildcard of a route reaches to any depth', () => {
  expect(readHostname('*.example.com')).toEqual({ kind: 'below', domain: 'example.com' });
});
