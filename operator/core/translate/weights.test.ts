import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type BackendMembers, memberWeights } from './weights.ts';

function backend(weight: number, members: readonly string[], role: BackendMembers['role'] = 'Active'): BackendMembers {
  return { weight, role, members };
}

const told = (backends: readonly BackendMembers[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...memberWeights(backends)].map(([member, { weight, backup }]) => [member, `${weight}${backup ? ' backup' : ''}`]),
  );

describe('weights of members', () => {
  test.each([
    ['one active backend: 1 for each, whatever its weight', [backend(90, ['a', 'b'])], { a: '1', b: '1' }],
    [
      '90:10 over 3 and 1 members is 256 and 85',
      [backend(90, ['a', 'b', 'c']), backend(10, ['d'])],
      { a: '256', b: '256', c: '256', d: '85' },
    ],
    ['weight 0 gets nothing', [backend(0, ['a']), backend(7, ['b'])], { a: '0', b: '256' }],
    [
      'weight 0 gets nothing when it is the only active one',
      [backend(0, ['a']), backend(1, ['b'], 'Backup')],
      { a: '0', b: '1 backup' },
    ],
    ['the smallest share is still a share', [backend(1_000_000, ['a']), backend(1, ['b'])], { a: '256', b: '1' }],
    ['a backend without members leaves the others theirs', [backend(50, []), backend(50, ['b'])], { b: '256' }],
    ['no members at all', [backend(1, []), backend(1, [])], {}],
    [
      'backups share among themselves',
      [backend(1, ['a']), backend(3, ['b'], 'Backup'), backend(1, ['c'], 'Backup')],
      { a: '1', b: '256 backup', c: '85 backup' },
    ],
    [
      'a member of two backends carries both shares',
      [backend(1, ['a']), backend(1, ['a', 'b'])],
      { a: '256', b: '85' },
    ],
    ['a member that is active somewhere is no backup', [backend(1, ['a']), backend(1, ['a'], 'Backup')], { a: '1' }],
  ])('%s', (_, backends, expected) => {
    expect(told(backends)).toEqual(expected);
  });
});

const anyBackend = fc.record({
  weight: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
  role: fc.constantFrom('Active' as const, 'Backup' as const),
  members: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 7 }),
});

describe('laws of weights', () => {
  test('the order in which backends are named does not matter', () => {
    fc.assert(
      fc.property(fc.array(anyBackend, { maxLength: 8 }), (backends) => {
        expect(told(backends.toReversed())).toEqual(told(backends));
      }),
    );
  });

  test('every weight is one that Octavia has, and 0 only where nobody asks for anything', () => {
    fc.assert(
      fc.property(fc.array(anyBackend, { maxLength: 8 }), (backends) => {
        for (const [member, { weight, backup }] of memberWeights(backends)) {
          expect(weight).toBeLessThanOrEqual(256);
          const asked = backends.filter(
            (one) => (one.role === 'Backup') === backup && one.members.some((own) => own === member),
          );
          expect(weight === 0).toBe(asked.every((one) => one.weight === 0));
        }
      }),
    );
  });

  test('a member is off its exact share of 256 by half a step at most, or by one where the share is less than a step', () => {
    const distinct = fc
      .array(fc.record({ weight: fc.integer({ min: 1, max: 1_000_000 }), count: fc.integer({ min: 1, max: 40 }) }), {
        minLength: 2,
        maxLength: 8,
      })
      .map((list) =>
        list.map(({ weight, count }, at) =>
          backend(
            weight,
            Array.from({ length: count }, (_, n) => `${at}.${n}`),
          ),
        ),
      );
    fc.assert(
      fc.property(distinct, (backends) => {
        const weights = memberWeights(backends);
        const most = Math.max(...backends.map(({ weight, members }) => weight / members.length));
        for (const { weight, members } of backends) {
          const exact = (256 * (weight / members.length)) / most;
          const given = weights.get(members[0] ?? '')?.weight ?? Number.NaN;
          expect(Math.abs(given - exact)).toBeLessThanOrEqual(exact < 1 ? 1 : 0.5);
        }
      }),
    );
  });
});
