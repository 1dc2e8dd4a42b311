import { expect, test } from '@jest/globals';
import { instant } from '../../../test/support/core-fixtures.ts';
import { worldOf } from '../../../test/support/decided.ts';
import type { CloudId } from '../model/brand.ts';
import type { Seen, SeenPolicy } from '../model/seen.ts';
import { culprits, suspicion } from './poison.ts';

const { seen: healthy } = worldOf();
const [model] = healthy.policies;
if (model?.tags === undefined) throw new Error('the world has a policy');
const tags = model.tags;

function policy(
  id: string,
  minute: number,
  change: Partial<SeenPolicy> & { readonly suspected?: number } = {},
): SeenPolicy {
  const { suspected, ...rest } = change;
  return {
    ...model,
    id: id as CloudId,
    tags: { ...tags, claimed: instant(minute), ...(suspected === undefined ? {} : { suspected }) },
    createdAt: instant(minute),
    ...rest,
  } as SeenPolicy;
}

function refusing(policies: readonly SeenPolicy[]): Seen {
  return {
    ...healthy,
    policies,
    listeners: healthy.listeners.map((listener) => ({ ...listener, provisioningStatus: 'ERROR' })),
  };
}

const off = { enabled: false } as const;
const suspended = (seen: Seen): readonly string[] =>
  suspicion(seen, 'toldAgain').map((operation) =>
    operation.kind === 'suspendPolicy' ? `${operation.id} for the ${operation.tags.suspected}. time` : operation.kind,
  );

test('nothing is suspected before the change was told once more', () => {
  expect(suspicion(refusing([policy('a', 1)]), 'notYet')).toEqual([]);
});

test('the newest policy that is on is switched off first, then the one before it', () => {
  expect(suspended(refusing([policy('a', 1), policy('b', 2)]))).toEqual(['b for the 1. time']);
  expect(suspended(refusing([policy('a', 1), policy('b', 2, { ...off, suspected: 1 })]))).toEqual([
    'a for the 1. time',
  ]);
});

test('at most three are off at a time: then it is no single rule, and a person has to look', () => {
  const three = ['b', 'c', 'd'].map((id) => policy(id, 2, { ...off, suspected: 1 }));
  expect(suspended(refusing([policy('a', 1), ...three]))).toEqual([]);
});

test('once changes go through, only the one that was switched off last stays so', () => {
  const policies = [
    policy('first', 2, { ...off, suspected: 1, updatedAt: instant(10) }),
    policy('last', 1, { ...off, suspected: 1, updatedAt: instant(11) }),
  ];
  expect([...culprits({ ...healthy, policies })]).toEqual(['last']);
});

test('who was switched off twice is not tried again', () => {
  const policies = [
    policy('twice', 2, { ...off, suspected: 2, updatedAt: instant(10) }),
    policy('last', 1, { ...off, suspected: 2, updatedAt: instant(11) }),
  ];
  expect([...culprits({ ...healthy, policies })].toSorted()).toEqual(['last', 'twice']);
});
