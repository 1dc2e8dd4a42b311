import { expect, test } from '@jest/globals';
import { OpenStackError } from 'openstack-sdk-lite/transport/errors';
import { judge } from './failure.ts';

function wishOf(retryAfterMs: number | undefined): unknown {
  const failure = judge(
    new OpenStackError({ kind: 'http', status: 503, faultText: 'busy', service: 'octavia', retryAfterMs }),
  );
  return failure.kind === 'unavailable' ? failure.retryAfterMs : failure.kind;
}

test('a wish to be left alone is heard as long as it is one: none means growing pauses, a day is some minutes', () => {
  const wishes = [undefined, 0, 999, 1_000, 30_000, 86_400_000, 1e15, Infinity];
  expect(wishes.map(wishOf)).toEqual([undefined, undefined, undefined, 1_000, 30_000, 300_000, 300_000, 300_000]);
});
