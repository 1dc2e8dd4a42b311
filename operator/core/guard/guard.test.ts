import { expect, test } from '@jest/globals';
import { digest, instant, nothingSeen, programmed } from '../../../test/support/core-fixtures.ts';
import { differences, worldOf } from '../../../test/support/decided.ts';
import { wantedOfUnits } from '../../../test/support/l7/rule-set.ts';
import type { Operation } from '../model/plan.ts';
import type { Seen } from '../model/seen.ts';
import { guard, type Permission } from './guard.ts';

const { wanted, seen: healthy } = worldOf();

function guarded(seen: Seen, permission: Partial<Permission> = {}) {
  const plan = guard(differences(wanted, seen), seen, {
    paused: false,
    driftPolicy: 'Repair',
    calm: () => true,
    ...permission,
  });
  return {
    sent: plan.operations.map(({ kind }) => kind),
    withheld: plan.withheld.map(({ operation, problem }) => `${operation.kind} ${problem.reason}`),
    drifted: plan.drifted.map(({ kind }) => kind),
  };
}

const [listener, ...listeners] = healthy.listeners;
if (listener === undefined) throw new Error('the world has listeners');
const byHand: Seen = { ...healthy, listeners: [{ ...listener, connectionLimit: 7 }, ...listeners] };

test('what another hand changed is put back, and known as such', () => {
  expect(guarded(byHand)).toEqual({ sent: ['updateListener'], withheld: [], drifted: ['updateListener'] });
});

test('with driftPolicy Report it stays as it is and is told', () => {
  expect(guarded(byHand, { driftPolicy: 'Report' })).toEqual({
    sent: [],
    withheld: ['updateListener Drifted'],
    drifted: ['updateListener'],
  });
});

test('what its owner asked for anew is no drift, whatever the policy', () => {
  const older = { ...listener, connectionLimit: 7, tags: { ...listener.tags, hash: 'another' } } as typeof listener;
  const asked: Seen = { ...healthy, listeners: [older, ...listeners] };
  expect(guarded(asked, { driftPolicy: 'Report' })).toEqual({ sent: ['updateListener'], withheld: [], drifted: [] });
});

test('an object that is gone is drift only where nothing was asked for since it was in effect', () => {
  const gone: Seen = { ...healthy, monitors: healthy.monitors.slice(1) };
  expect(guarded(gone, { driftPolicy: 'Report' }).withheld).toEqual(['createMonitor Drifted']);
  expect(guarded(gone, { driftPolicy: 'Report', calm: () => false }).sent).toEqual(['createMonitor']);
});

test('a paused balancer gets no write at all', () => {
  expect(guarded(byHand, { paused: true })).toEqual({
    sent: [],
    withheld: ['updateListener Paused'],
    drifted: ['updateListener'],
  });
});

test('a balancer in ERROR takes nothing but its end and a failover', () => {
  if (healthy.loadBalancer === undefined) throw new Error('the world has a balancer');
  const broken: Seen = { ...byHand, loadBalancer: { ...healthy.loadBalancer, provisioningStatus: 'ERROR' } };
  expect(guarded(broken).withheld).toEqual(['updateListener ProvisioningError']);
});

test('an exclusion that another route made necessary is no drift, though the owner of the redirect is calm', () => {
  const exact = { path: { type: 'Exact', value: '/f' }, headers: [], cookies: [], fileTypes: [] } as const;
  const all = {
    name: 'all',
    hostname: 'a.x.io',
    action: 'Redirect',
    claimed: instant(1),
    source: 'ServiceRoute a all',
  } as const;
  const redirect = { ...all, match: { ...exact, path: { type: 'Any' } } } as const;
  const twoHeaders = ['a', 'b'].map((name) => ({ name, type: 'Exact', value: '1', invert: false }) as const);
  const forward = { ...all, name: 'f', action: 'Forward', match: { ...exact, headers: twoHeaders } } as const;
  const rest = { now: instant(30), digest };
  const seen = programmed(wantedOfUnits([redirect], { seen: nothingSeen, ...rest }));
  const operations = differences(wantedOfUnits([redirect, forward], { seen, ...rest }), seen);
  const report = {
    paused: false,
    driftPolicy: 'Report',
    calm: (unit: Operation['unit']) => unit?.rule === 'all',
  } as const;
  expect(operations.filter(({ unit }) => unit?.rule === 'all').map(({ kind }) => kind)).toContain('createPolicy');
  expect(guard(operations, seen, report)).toEqual({ operations, withheld: [], drifted: [] });
});
