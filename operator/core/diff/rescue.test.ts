import { expect, test } from '@jest/globals';
import { instant } from '../../../test/support/core-fixtures.ts';
import { worldOf } from '../../../test/support/decided.ts';
import type { CloudId, Instant } from '../model/brand.ts';
import type { Seen, SeenLoadBalancer } from '../model/seen.ts';
import { type Circumstances, rescue } from './rescue.ts';

const { seen: healthy } = worldOf();
const made = instant(0);
const minutes = (count: number): Instant => (made + count * 60_000) as Instant;

function broken(change: Partial<SeenLoadBalancer>, rest: Partial<Seen> = {}): Seen {
  if (healthy.loadBalancer === undefined) throw new Error('the world has a balancer');
  return { ...healthy, ...rest, loadBalancer: { ...healthy.loadBalancer, createdAt: made, ...change } };
}

function actions(seen: Seen, circumstances: Partial<Circumstances> = {}): readonly string[] {
  return rescue(seen, {
    now: minutes(90),
    mayRemake: true,
    failoverTried: false,
    toldAgain: 'notYet',
    ...circumstances,
  }).map(({ kind, why }) => `${kind}: ${why}`);
}

const error = { provisioningStatus: 'ERROR', updatedAt: minutes(80) } as const;

test('a balancer in ERROR is left to the cloud for ten minutes, then a failover is asked for', () => {
  expect(actions(broken(error), { now: minutes(89) })).toEqual([]);
  expect(actions(broken(error))).toEqual(['failoverLoadBalancer: in ERROR for ten minutes']);
});

test('after a failover that did not help it is made again on its port, at most once an hour', () => {
  const remade = ['deleteLoadBalancer: in ERROR: it is made again on its port'];
  expect(actions(broken(error), { failoverTried: true })).toEqual(remade);
  expect(actions(broken({ ...error, createdAt: minutes(31) }), { failoverTried: true })).toEqual([]);
});

test('nothing is deleted that is protected, shared with others, or on an address that would be lost', () => {
  const tried = { failoverTried: true };
  expect(actions(broken(error), { ...tried, mayRemake: false })).toEqual([]);
  const [first] = healthy.listeners;
  const strange = first === undefined ? [] : [{ ...first, tags: undefined }];
  expect(actions(broken(error, { listeners: strange }), tried)).toEqual([]);
  const cloudsPort = { id: 'p' as CloudId, addresses: [], ours: false, outlives: false };
  expect(actions(broken(error, { vipPort: cloudsPort }), tried)).toEqual([]);
});

test('a balancer whose VIP port was taken away is made again at once', () => {
  expect(actions(broken({}, { vipPort: undefined }))).toEqual([
    'deleteLoadBalancer: its VIP port is gone: it is made again',
  ]);
});

test('a healthy balancer is left alone', () => {
  expect(actions(broken({}))).toEqual([]);
});
