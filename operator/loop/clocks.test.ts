import { expect, test } from '@jest/globals';
import type { Instant } from '../core/model/brand.ts';
import type { Outcome } from '../core/model/plan.ts';
import { again } from './clocks.ts';

const now = 1_000_000 as Instant;
const after = (outcome: Outcome, lookAgainAt?: number) =>
  again(outcome, {
    spec: { sync: { interval: 300_000, driftPolicy: 'Repair' } },
    lookAgainAt: lookAgainAt as Instant | undefined,
    deps: { jitter: () => 0.5, now: () => now },
  });

test('a settled balancer is looked at for its health, or earlier when a drain ends', () => {
  expect([undefined, now + 7_000, now + 999_000, now - 5].map((at) => after({ kind: 'settled' }, at))).toEqual([
    { kind: 'after', ms: 60_000 },
    { kind: 'after', ms: 7_000 },
    { kind: 'after', ms: 60_000 },
    { kind: 'after', ms: 0 },
  ]);
});

test('what waits, failed or was changed comes back on its own clock', () => {
  const problem = { reason: 'BalancerBusy', message: '' } as const;
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
