import { expect, test } from '@jest/globals';
import type { Uid } from '../model/brand.ts';
import type { Instant } from '../model/brand.ts';
import type { EventNote } from '../model/report.ts';
import type { Condition } from '../model/snapshot.ts';
import { transitions } from './events.ts';

const meta = { namespace: 'edge', name: 'public', uid: 'u' as Uid, generation: 1, createdAt: 0 as Instant };

function condition(type: string, status: Condition['status'], reason: string): Condition {
  return {
    type,
    status,
    reason,
    message: `says ${reason}`,
    lastTransitionTime: '2026-11-22T10:00:00Z',
    observedGeneration: 1,
  };
}

function eventsOf(before: readonly Condition[], after: readonly Condition[], kind: EventNote['kind'] = 'ServiceRoute') {
  return transitions({ kind, meta, before, after }).map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}

test('becoming Ready is told once, and so is each new reason for not being Ready', () => {
  const ready = condition('Ready', 'True', 'Ready');
  const refused = condition('Ready', 'False', 'CloudRefused');
  const quota = condition('Ready', 'False', 'CloudQuotaExceeded');
  expect(eventsOf([], [ready])).toEqual(['Normal Attached: says Ready']);
  expect(eventsOf([ready], [ready])).toEqual([]);
  expect(eventsOf([ready], [refused])).toEqual(['Warning CloudRefused: says CloudRefused']);
  expect(eventsOf([refused], [refused])).toEqual([]);
  expect(eventsOf([refused], [quota])).toEqual(['Warning CloudQuotaExceeded: says CloudQuotaExceeded']);
});

test('what befalls the whole balancer is told on it alone, and so is its end', () => {
  const ready = condition('Ready', 'True', 'Ready');
  const gone = condition('Ready', 'False', 'LoadBalancerMissing');
  const of = { kind: 'ServiceRoute', meta } as const;
  expect(transitions({ ...of, before: [ready], after: [gone], balancer: [gone] })).toEqual([]);
  expect(transitions({ ...of, before: [gone], after: [ready], balancer: [ready] })).toEqual([]);
  expect(eventsOf([ready], [gone], 'SharedBalancer')).toEqual([
    'Warning LoadBalancerMissing: says LoadBalancerMissing',
  ]);
});

test('a route that was served and is not admitted any more is told that it left', () => {
  const served = [condition('Programmed', 'True', 'Programmed')];
  const evicted = [
    condition('Accepted', 'False', 'NotAllowedByBalancer'),
    condition('Programmed', 'False', 'NotAllowedByBalancer'),
  ];
  expect(eventsOf(served, evicted)).toEqual(['Normal Detached: Not served any more: says NotAllowedByBalancer']);
  expect(eventsOf(evicted, evicted)).toEqual([]);
  expect(eventsOf(served, [condition('Accepted', 'False', 'Invalid'), ...served])).toEqual([]);
});

test('dropped and held rules are told by their own names, each new message once', () => {
  const dropped = { ...condition('PartiallyInvalid', 'True', 'UnsafeString'), message: 'Dropped Rule a: x' };
  const held = { ...dropped, message: 'Held Rule a: x' };
  const notReady = condition('Ready', 'False', 'PartiallyInvalid');
  expect(eventsOf([], [dropped, notReady])).toEqual(['Warning RuleDropped: Dropped Rule a: x']);
  expect(eventsOf([dropped, notReady], [dropped, notReady])).toEqual([]);
  expect(eventsOf([dropped, notReady], [held, notReady])).toEqual(['Warning RuleHeld: Held Rule a: x']);
});

test('a pause and its end are told on what was paused, not on every route of a paused balancer', () => {
  const paused = condition('Paused', 'True', 'Paused');
  expect(eventsOf([], [paused])).toEqual(['Normal Paused: says Paused']);
  expect(eventsOf([paused], [])).toEqual(['Normal Resumed: Writes go on.']);
  expect(eventsOf([], [condition('Paused', 'True', 'BalancerPaused')])).toEqual([]);
});

test('a drift that is repaired is told when it is over, one that is only reported is not', () => {
  const repairing = condition('DriftDetected', 'True', 'Repairing');
  expect(eventsOf([repairing], [], 'SharedBalancer')).toEqual(['Normal DriftRepaired: says Repairing']);
  expect(eventsOf([condition('DriftDetected', 'True', 'Drifted')], [], 'SharedBalancer')).toEqual([]);
});

test('what passes by itself is no news', () => {
  const ready = condition('Ready', 'True', 'Ready');
  expect(eventsOf([ready], [condition('Ready', 'Unknown', 'BalancerBusy')])).toEqual([]);
  expect(eventsOf([], [condition('Ready', 'False', 'Pending')])).toEqual([]);
});

test('a deletion that waits for a person is told once', () => {
  const attached = condition('Deleting', 'True', 'RoutesAttached');
  expect(eventsOf([], [attached])).toEqual(['Warning DeletionBlocked: says RoutesAttached']);
  expect(eventsOf([attached], [attached])).toEqual([]);
  expect(eventsOf([], [condition('Deleting', 'True', 'WaitingForCloud')])).toEqual([]);
});
