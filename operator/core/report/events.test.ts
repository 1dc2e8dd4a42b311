import { expect, test } from '@jest/globals';
import type { Uid } from '../model/brand.ts';
import type { Instant } from '../model/brand.ts';
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

function eventsOf(before: readonly Condition[], after: readonly Condition[]): readonly string[] {
  const notes = transitions({ kind: 'SharedBalancer', meta, before, after });
  return notes.map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}

test('becoming Ready is told once, and so is each new reason for not being Ready', () => {
  const ready = condition('Ready', 'True', 'Ready');
  const refused = condition('Ready', 'False', 'CloudRefused');
  const quota = condition('Ready', 'False', 'CloudQuotaExceeded');
  expect(eventsOf([], [ready])).toEqual(['Normal BalancerCreated: says Ready']);
  expect(eventsOf([ready], [ready])).toEqual([]);
  expect(eventsOf([ready], [refused])).toEqual(['Warning CloudRefused: says CloudRefused']);
  expect(eventsOf([refused], [refused])).toEqual([]);
  expect(eventsOf([refused], [quota])).toEqual(['Warning CloudQuotaExceeded: says CloudQuotaExceeded']);
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
