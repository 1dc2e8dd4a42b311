import { expect, test } from '@jest/globals';
import type { Operation } from '../core/model/plan.ts';
import { Turn } from './turn.ts';

type Kind = Operation['kind'];

/** As far as a turn looks at it. */
function operation(kind: Kind, more: Partial<Record<'heals' | 'pool', unknown>> = {}): Operation {
  return { kind, ...more } as Operation;
}

const newPool = { pool: { key: 'pool/a' } };
const oldPool = { pool: { id: 'a' } };

/** Writes at these seconds, and what may come after them. */
function after(writes: readonly (readonly [number, Operation])[], at: number): (next: Operation) => boolean {
  let now = 0;
  const turn = new Turn(() => now * 1000);
  for (const [second, write] of writes) {
    now = second;
    turn.wrote(write);
  }
  now = at;
  return (next) => turn.isOver(next);
}

test('it is over half a minute after the first object came or went', () => {
  const writes = [[100, operation('deletePolicy')]] as const;
  const next = operation('createPool');
  expect([129, 130, 500].map((at) => after(writes, at)(next))).toEqual([false, true, true]);
});

test('what is brought in line or healed uses none of it up', () => {
  const writes = [
    [0, operation('replaceMembers', oldPool)],
    [40, operation('updatePolicy')],
    [80, operation('createRule', { heals: true })],
  ] as const;
  expect(after(writes, 200)(operation('createPool'))).toBe(false);
});

test('it does not end before the rules of a policy are there and it is on, nor for what Neutron does', () => {
  const isOver = after([[0, operation('createPolicy')]], 60);
  const kinds: readonly Kind[] = ['createRule', 'enablePolicy', 'attachFloatingIP', 'createPolicy', 'deleteRule'];
  expect(kinds.map((kind) => isOver(operation(kind)))).toEqual([false, false, false, true, true]);
});

test('it does not end while nothing points to the pool that was made last', () => {
  const next = operation('createPolicy');
  const parts = [
    operation('createPool', newPool),
    operation('replaceMembers', newPool),
    operation('createMonitor', newPool),
    operation('createMonitor', oldPool),
    operation('createListener'),
  ];
  const over = parts.map((part) =>
    after(
      [
        [0, operation('createPool', newPool)],
        [50, part],
      ],
      60,
    )(next),
  );
  expect(over).toEqual([false, false, false, true, true]);
});
