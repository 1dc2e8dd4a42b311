import { expect, test } from '@jest/globals';
import { listed, ranges } from './node-port-message.ts';

test.each<readonly [readonly string[], string]>([
  [[], ''],
  [['10.0.0.11'], '10.0.0.11'],
  [['10.0.0.13', '10.0.0.11', '10.0.0.12'], '10.0.0.11-13'],
  [['10.0.0.9', '10.0.0.10', '10.0.0.12', '10.0.0.9'], '10.0.0.9-10, 10.0.0.12'],
  [['10.0.0.255', '10.0.1.0', '10.0.1.1'], '10.0.0.255, 10.0.1.0-1'],
  [['2001:db8::1', '2001:db8::2'], '2001:db8::1, 2001:db8::2'],
])('%j reads "%s"', (addresses, text) => {
  expect(ranges(addresses)).toBe(text);
});

test('what is too long for a message is counted', () => {
  const many = Array.from({ length: 11 }, (_, at) => `10.0.${at}.1`);
  expect(ranges(many)).toBe(`${many.slice(0, 8).toSorted().join(', ')} and 3 more`);
  expect(listed(['a', 'b'])).toBe('a, b');
});
