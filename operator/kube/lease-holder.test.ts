import { expect, test } from '@jest/globals';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { KubeError } from './kube-request.ts';
import { leaseState } from './lease-holder.ts';

interface Spec {
  readonly holderIdentity: string;
  readonly leaseDurationSeconds: number;
  readonly renewTime?: string;
}

/** Asks of a Lease that `at` describes for every second since the start; undefined: there is none. */
async function stateOf(at: (second: number) => Spec | undefined) {
  const clock = new ManualClock();
  const json = async (): Promise<unknown> => {
    const spec = at(Math.floor(clock.now() / 1_000));
    if (spec === undefined) throw new KubeError({ status: 404, reason: 'NotFound', message: '' });
    return { metadata: { name: 'octopool-operator' }, spec };
  };
  const signal = new AbortController().signal;
  const asked = leaseState({ kube: { json }, namespace: 'n', name: 'octopool-operator', clock, signal });
  const answered = asked.then((state) => ({ state, seconds: clock.now() / 1_000 }));
  for (let second = 0; second < 60; second += 1) await clock.advance(1_000);
  return answered;
}

test('a holder that renews is found at its next renewal', async () => {
  const state = await stateOf((second) => ({
    holderIdentity: 'pod-1',
    leaseDurationSeconds: 15,
    renewTime: `renewal ${Math.floor(second / 3)}`,
  }));
  expect(state).toEqual({ state: { kind: 'held', by: 'pod-1' }, seconds: 3 });
});

test('a holder that died is waited for as long as its Lease lasts, whatever the times in it say', async () => {
  const lease = { holderIdentity: 'pod-1', leaseDurationSeconds: 15, renewTime: '2999-01-01T00:00:00.000000Z' };
  expect(await stateOf(() => lease)).toEqual({ state: { kind: 'free' }, seconds: 15 });
});

test('a Lease that was given back is free, unless a standby takes it', async () => {
  const given = { holderIdentity: '', leaseDurationSeconds: 1 };
  expect(await stateOf(() => given)).toEqual({ state: { kind: 'free' }, seconds: 5 });
  const taken = { holderIdentity: 'pod-2', leaseDurationSeconds: 15 };
  const state = await stateOf((second) => (second < 2 ? given : taken));
  expect(state).toEqual({ state: { kind: 'held', by: 'pod-2' }, seconds: 2 });
});

test('no Lease at all is told apart', async () => {
  expect((await stateOf(() => undefined)).state).toEqual({ kind: 'absent' });
});
