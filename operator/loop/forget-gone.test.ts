import { expect, test } from '@jest/globals';
import type { Instant, Uid } from '../core/model/brand.ts';
import { forgetGone } from './forget-gone.ts';
import { emptyMemory, type Memory } from './memory.ts';

function memoryOf(...uids: readonly string[]): Memory {
  const memory = emptyMemory();
  for (const uid of uids) {
    memory.restless.set(uid, { kind: 'waiting', since: 0 as Instant, passes: 1 });
    memory.lastSlice.set(uid, 1);
    for (const names of [memory.failovers, memory.toldAgain, memory.toldForeign, memory.toldMissing]) names.add(uid);
    memory.toldIngresses.set(uid as Uid, ['told']);
  }
  return memory;
}

test('of what is gone nothing is remembered, of what lives all; nodes are the pass over the nodes own business', () => {
  const memory = memoryOf('lives', 'gone');
  forgetGone(memory, new Set(['lives']));
  expect(memory).toEqual({ ...memoryOf('lives'), toldMissing: new Set(['lives', 'gone']) });
});
