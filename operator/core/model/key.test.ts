import { expect, test } from '@jest/globals';
import { digest } from '../../../test/support/core-fixtures.ts';
import type { Uid } from './brand.ts';
import { policyKey, readKey } from './key.ts';
import { writeTags } from './tags.ts';

test('the key of a policy proves its hostname and match by 80 bits, and the longest one fits into a tag', () => {
  const owner = 'c1c1c1c1-0000-4000-8000-000000000001' as Uid;
  const [listener, rule] = ['l'.repeat(40), 'r'.repeat(40)];
  const key = policyKey({ listener, owner, rule, hostname: 'a.io', match: '*', index: 10 }, digest);
  expect(key).toBe(`policy/${listener}/${owner}/${rule}/${digest('a.io *').slice(0, 20)}/10`);
  expect(readKey(key)).toEqual({ kind: 'policy', listener, owner, rule });
  const tags = writeTags({ cluster: owner, balancer: owner, key });
  expect(Math.max(...tags.map(({ length }) => length))).toBeLessThanOrEqual(255);
});
