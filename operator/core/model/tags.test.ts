import { expect, test } from '@jest/globals';
import type { Instant, Uid } from './brand.ts';
import type { Key } from './key.ts';
import { type Ownership, readTags, sameTags, writeTags } from './tags.ts';

const tags: Ownership = {
  cluster: 'cluster' as Uid,
  balancer: 'balancer' as Uid,
  key: 'pool/owner/rule' as Key,
  owner: 'owner' as Uid,
  claimed: 1_769_860_807_250 as Instant,
  hash: 'abcdef012345',
};

test('tags are the same when they are written alike: after a reading, and whatever a millisecond says', () => {
  expect(
    [readTags(writeTags(tags)), { ...tags, claimed: (Number(tags.claimed) + 700) as Instant }].map((other) =>
      sameTags(tags, other),
    ),
  ).toEqual([true, true]);
});

test('tags differ by any of their fields, and from none at all', () => {
  const changes: readonly Partial<Ownership>[] = [
    { cluster: 'other' as Uid },
    { balancer: 'other' as Uid },
    { key: 'pool/owner/other' as Key },
    { owner: undefined },
    { claimed: (Number(tags.claimed) + 1_000) as Instant },
    { claimed: undefined },
    { hash: 'other' },
    { suspected: 1 },
  ];
  const others = [undefined, ...changes.map((change): Ownership => ({ ...tags, ...change }))];
  expect(others.filter((other) => sameTags(tags, other))).toEqual([]);
});
