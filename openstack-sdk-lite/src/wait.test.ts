import { describe, expect, test } from '@jest/globals';
import { OpenStackError } from './transport/errors.ts';
import { balancerWait, type Clock } from './wait.ts';

describe('the wait for a busy balancer', () => {
  test.each([0.7, 1.5, 2.5, 4, 7, 11, 30, 90])(
    'of %d s cycles sees their end soon and with few reads, after three like it',
    async (seconds) => {
      const cloud = busyCloud();
      for (let cycle = 0; cycle < 3; cycle += 1) await cloud.cycle(seconds * 1_000);
      for (const drift of [1, 0.97, 1.04, 1]) {
        const length = seconds * 1_000 * drift;
        const { state, reads, waitedMs } = await cloud.cycle(length);
        expect(state).toBe('ACTIVE');
        expect(reads).toBeLessThanOrEqual(8);
        expect(waitedMs - length).toBeLessThanOrEqual(Math.max(300, length / 10));
      }
    },
  );

  test('starts with short steps that grow to 2 s', async () => {
    const cloud = busyCloud();
    await cloud.cycle(9_000);
    const steps = cloud.readsAt.map((at, index) => Math.round(at - (cloud.readsAt[index - 1] ?? 0)));
    expect(steps).toEqual([300, 450, 675, 1013, 1519, 2000, 2000, 2000]);
  });

  test('finds a short cycle after long ones, and then looks early again', async () => {
    const cloud = busyCloud();
    for (let cycle = 0; cycle < 3; cycle += 1) await cloud.cycle(10_000);
    const surprised = await cloud.cycle(1_000);
    const wiser = await cloud.cycle(1_000);
    expect(surprised.waitedMs).toBeLessThanOrEqual(10_000);
    expect(wiser.waitedMs).toBeLessThanOrEqual(1_600);
  });

  test('gives up at its budget, and learns nothing from what it did not see begin', async () => {
    const cloud = busyCloud();
    cloud.busyFor(100_000);
    expect(await cloud.wait({ id: 'lb', budgetMs: 5_000 })).toMatchObject({ state: 'waiting', waitedMs: 5_020 });
  });

  test('ends in ERROR, and where the balancer is gone', async () => {
    const states: string[] = [];
    for (const end of ['ERROR', 'DELETED', 'missing']) {
      const cloud = busyCloud(end);
      states.push((await cloud.cycle(1_000)).state);
    }
    expect(states).toEqual(['ERROR', 'gone', 'gone']);
  });

  test('goes on where a moment of the clock has no digits left for parts of a millisecond', async () => {
    const cloud = busyCloud('ACTIVE', { start: Date.UTC(2026, 0, 31, 12), readMs: 0 });
    // what it learns from an odd first look is no whole number
    for (const length of [2_222.2, 3_333.3, 4_444.4, 4_444.4, 4_000, 5_111.1, 4_444.4]) {
      const { state, reads } = await cloud.cycle(length);
      expect([state, reads < 20]).toEqual(['ACTIVE', true]);
    }
  });

  test('passes on what is no answer about the balancer', async () => {
    const refused = new OpenStackError({ kind: 'http', status: 403, faultText: 'no', service: 'octavia' });
    const wait = balancerWait({ read: () => Promise.reject(refused), clock: busyCloud().clock });
    await expect(wait({ id: 'lb', budgetMs: 1_000 })).rejects.toBe(refused);
  });

  test('ends with its signal', async () => {
    const stop = new AbortController();
    const wait = balancerWait({ read: async () => ({ provisioning_status: 'PENDING_UPDATE' }) });
    const waiting = wait({ id: 'lb', budgetMs: 60_000, signal: stop.signal });
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

/** A balancer on a clock that jumps. */
function busyCloud(end = 'ACTIVE', { start, readMs } = { start: 1_000, readMs: 20 }) {
  let now = start;
  let busyUntil = 0;
  const readsAt: number[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  const read = async () => {
    readsAt.push(now - start);
    if (readsAt.length > 1_000) throw new Error('it reads for ever and no time passes');
    const busy = now < busyUntil;
    now += readMs;
    if (!busy && end === 'missing')
      throw new OpenStackError({ kind: 'http', status: 404, faultText: '', service: 'octavia' });
    return { provisioning_status: busy ? 'PENDING_UPDATE' : end };
  };
  const wait = balancerWait({ read, clock });
  const busyFor = (ms: number) => {
    busyUntil = now + ms;
  };
  const cycle = (ms: number) => {
    busyFor(ms);
    return wait({ id: 'lb', budgetMs: 200_000, busySince: now });
  };
  return { clock, wait, busyFor, cycle, readsAt };
}
