import { expect, test } from '@jest/globals';
import { digest, instant } from '../../../test/support/core-fixtures.ts';
import { formReader, type MemberForm, memberName, readMemberName } from './member-name.ts';

const plain: MemberForm = { weight: 1, backup: false, monitorPort: undefined };

test('a name tells its label, and when it drains the end of that', () => {
  const still = memberName({ label: 'n1', drainsUntil: undefined, ...plain }, digest);
  const draining = memberName({ label: 'n1', drainsUntil: instant(5), ...plain, weight: 0 }, digest);
  expect([still, draining].map((name) => name.replace(/#.*/, ''))).toEqual(['n1', 'n1~20261122T100500Z']);
  expect(readMemberName(still)).toEqual({ label: 'n1', drainsUntil: undefined, hash: still.slice(-6) });
  expect(readMemberName(draining)).toEqual({ label: 'n1', drainsUntil: instant(5), hash: draining.slice(-6) });
});

test('a name that is not of ours is all label', () => {
  expect(readMemberName('web-1')).toEqual({ label: 'web-1', drainsUntil: undefined, hash: undefined });
  expect(readMemberName('')).toEqual({ label: '', drainsUntil: undefined, hash: undefined });
});

test('the longest node name fits, and its drain changes nothing of its label', () => {
  const label = 'n'.repeat(253);
  const still = memberName({ label, drainsUntil: undefined, ...plain }, digest);
  const draining = memberName({ label, drainsUntil: instant(5), ...plain }, digest);
  expect(draining.length).toBe(255);
  expect(readMemberName(draining).label).toBe(readMemberName(still).label);
});

test('every form with a known monitor port is found again by the hash in its name', () => {
  const read = formReader(digest);
  const ports = new Set([32100, 32200]);
  for (const monitorPort of [undefined, ...ports])
    for (const backup of [false, true])
      for (let weight = 0; weight <= 256; weight += 1) {
        const form = { weight, backup, monitorPort };
        const { hash = '' } = readMemberName(memberName({ label: 'n', drainsUntil: undefined, ...form }, digest));
        expect(read(hash, ports)).toEqual(form);
      }
});

test('a form with a monitor port that nobody has any more is not guessed', () => {
  const name = memberName({ label: 'n', drainsUntil: undefined, ...plain, monitorPort: 32300 }, digest);
  expect(formReader(digest)(readMemberName(name).hash ?? '', new Set([32100]))).toBeUndefined();
});
