import { expect, test } from '@jest/globals';
import { type Again, KeyedQueue } from './keyed-queue.ts';
import { ManualClock, turns } from '../../test/support/manual-clock.ts';

const never: Again = { kind: 'never' };

function queueOf(work: (key: string, signal: AbortSignal) => Promise<Again>, concurrency = 4) {
  const clock = new ManualClock();
  const errors: string[] = [];
  const queue = new KeyedQueue<string>({
    work,
    clock,
    concurrency,
    backoff: { baseMs: 1_000, capMs: 8_000 },
    onError: (key, error) => errors.push(`${key}: ${String(error)}`),
    wish: (error) => (error instanceof RangeError ? 30_000 : undefined),
  });
  return { clock, queue, errors };
}

test('changes of one key become one run: a second after the last, at most five after the first', async () => {
  const ran: number[] = [];
  const { clock, queue } = queueOf(async () => {
    ran.push(clock.now());
    return never;
  });
  const window = { settle: 1_000, atMost: 5_000 };
  for (let at = 0; at < 7; at++) {
    queue.add('edge/public', window);
    await clock.advance(900);
  }
  await clock.advance(10_000);
  expect(ran).toEqual([5_000, 6_400]);
});

test('a key is never worked on twice at once; what comes meanwhile is one further run', async () => {
  const ends: (() => void)[] = [];
  const { queue } = queueOf(() => new Promise((resolve) => ends.push(() => resolve(never))));
  queue.add('a');
  queue.add('a');
  queue.add('a');
  expect(ends.length).toBe(1);
  ends[0]?.();
  await turns();
  expect(ends.length).toBe(2);
  ends[1]?.();
  await turns();
  expect({ runs: ends.length, depth: queue.depth, running: queue.running }).toEqual({ runs: 2, depth: 0, running: 0 });
});

test('a key that fails comes back later and later, and holds up no other', async () => {
  const ran: string[] = [];
  const { clock, queue, errors } = queueOf(async (key) => {
    ran.push(`${key} ${clock.now()}`);
    if (key === 'bad') throw new Error('no');
    return never;
  }, 1);
  queue.add('bad');
  queue.add('good');
  await clock.advance(8_000);
  expect(ran).toEqual(['bad 0', 'good 0', 'bad 1000', 'bad 3000', 'bad 7000']);
  expect(errors.length).toBe(4);
});

test('a pause that grows stops growing where its work says so', async () => {
  const ran: number[] = [];
  const { clock, queue } = queueOf(async () => {
    ran.push(clock.now());
    return { kind: 'backoff', atMostMs: 3_000 };
  });
  queue.add('a');
  await clock.advance(9_500);
  expect(ran).toEqual([0, 1_000, 3_000, 6_000, 9_000]);
});

test('a server that asks to be left alone for longer than the backoff is', async () => {
  const ran: number[] = [];
  const { clock, queue } = queueOf(async () => {
    ran.push(clock.now());
    throw new RangeError('busy');
  });
  queue.add('a');
  await clock.advance(45_000);
  expect(ran).toEqual([0, 30_000]);
});

test('a change brings a key back before its time, and takes the place of the timer', async () => {
  const ran: number[] = [];
  const { clock, queue } = queueOf(async () => {
    ran.push(clock.now());
    return { kind: 'after', ms: 60_000 };
  });
  queue.add('a');
  await clock.advance(10_000);
  queue.add('a', { settle: 1_000, atMost: 5_000 });
  await clock.advance(60_000);
  expect(ran).toEqual([0, 11_000]);
});

test('stop starts nothing new, and aborts what does not end within its grace', async () => {
  let aborted = false;
  const { clock, queue } = queueOf(
    (_, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          aborted = true;
          resolve(never);
        }),
      ),
  );
  queue.add('slow');
  queue.add('waiting', { settle: 1_000, atMost: 1_000 });
  const stopped = queue.stop(20_000);
  await clock.advance(19_000);
  expect(aborted).toBe(false);
  await clock.advance(1_000);
  await stopped;
  expect({ aborted, depth: queue.depth }).toEqual({ aborted: true, depth: 0 });
});
