import { expect, test } from '@jest/globals';
import type { Instant } from '../core/model/brand.ts';
import type { Outcome } from '../core/model/plan.ts';
import { again } from './clocks.ts';
import type { Memory } from './memory.ts';

const now = 1_000_000 as Instant;
const problem = { reason: 'BalancerBusy', message: '' } as const;

/** The clock of one process. */
function process() {
  const restless: Memory['restless'] = new Map();
  return (outcome: Outcome, { lookAgainAt, at = 0 }: { readonly lookAgainAt?: number; readonly at?: number } = {}) =>
    again(outcome, {
      balancer: { meta: { uid: 'u' }, spec: { sync: { interval: 300_000, driftPolicy: 'Repair' } } },
      lookAgainAt: lookAgainAt as Instant | undefined,
      deps: { jitter: () => 0.5, now: () => (now + at) as Instant, restless },
    });
}

const after = (outcome: Outcome, lookAgainAt?: number) =>
  process()(outcome, lookAgainAt === undefined ? {} : { lookAgainAt });
const pauses = (all: readonly ReturnType<typeof again>[]) => all.map((one) => (one.kind === 'after' ? one.ms : one));

test('a settled balancer is looked at for its health, or earlier when a drain ends', () => {
  expect([undefined, now + 7_000, now + 999_000, now - 5].map((at) => after({ kind: 'settled' }, at))).toEqual([
    { kind: 'after', ms: 60_000 },
    { kind: 'after', ms: 7_000 },
    { kind: 'after', ms: 60_000 },
    { kind: 'after', ms: 0 },
  ]);
});

test('what waits, failed or was changed comes back on its own clock', () => {
  expect([
    after({ kind: 'changed' }, now + 7_000),
    after({ kind: 'waiting', problem }, now + 7_000),
    after({ kind: 'failed', problem, retryAfterMs: 9_000, concerns: 'balancer' }, now + 7_000),
    after({ kind: 'failed', problem, retryAfterMs: undefined, concerns: 'balancer' }, now + 7_000),
  ]).toEqual([
    { kind: 'after', ms: 0 },
    { kind: 'after', ms: 2_000 },
    { kind: 'after', ms: 9_000 },
    { kind: 'backoff' },
  ]);
});

test('a balancer that stays busy is asked less and less often, down to once a minute; a rest in between begins anew', () => {
  const one = process();
  const busy = (seconds: number) => one({ kind: 'waiting', problem }, { at: seconds * 1000 });
  expect(pauses([0, 10, 80, 240, 36_000].map(busy))).toEqual([2_000, 2_000, 10_000, 30_000, 60_000]);
  one({ kind: 'settled' });
  expect(pauses([busy(40_000), busy(39_000)])).toEqual([2_000, 2_000]); // a clock that is set back harms nothing
});

test('a plan that is not at its end goes on at once, however often; what was busy before is not busy since then', () => {
  const one = process();
  one({ kind: 'waiting', problem });
  const turns = Array.from({ length: 40 }, () => one({ kind: 'unfinished' }, { at: 80_000 }));
  expect(new Set(pauses(turns))).toEqual(new Set([0]));
  expect(pauses([one({ kind: 'waiting', problem }, { at: 80_000 })])).toEqual([2_000]);
});

test('changes that never come to rest are made with growing pauses', () => {
  const one = process();
  const changes = Array.from({ length: 17 }, () => one({ kind: 'changed' }));
  const growing = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000];
  expect(pauses(changes)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, ...growing]);
  one({ kind: 'settled' });
  expect(pauses([one({ kind: 'changed' })])).toEqual([0]);
});
