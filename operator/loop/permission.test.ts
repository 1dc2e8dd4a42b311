import { expect, test } from '@jest/globals';
import { balancer, nothingSeen } from '../../test/support/core-fixtures.ts';
import type { Done, Operation } from '../core/model/plan.ts';
import type { Seen } from '../core/model/seen.ts';
import { emptyMemory } from './memory.ts';
import { rememberAttempts } from './permission.ts';

const healing = { kind: 'updatePool', heals: true } as Operation;
const sick = {
  ...nothingSeen,
  policies: [{ tags: {}, provisioningStatus: 'ERROR', enabled: true }],
} as unknown as Seen;

/** Whether it counts as told once more, after a pass that came so far with its plan. */
function toldAgain(done: Pick<Done, 'applied' | 'refused'>): boolean {
  const memory = emptyMemory();
  const one = balancer();
  const plan = { operations: [healing], drifted: [], withheld: [] };
  rememberAttempts({ balancer: one, seen: sick, plan, done: { ...done, outcome: { kind: 'unfinished' } } }, memory);
  return memory.toldAgain.has(one.meta.uid);
}

test('what a turn did not come to was not told once more; what was refused was', () => {
  const problem = { reason: 'Pending', message: '' } as const;
  expect([
    toldAgain({ applied: [], refused: [] }),
    toldAgain({ applied: [healing], refused: [] }),
    toldAgain({ applied: [], refused: [{ operation: healing, problem }] }),
  ]).toEqual([false, true, true]);
});
