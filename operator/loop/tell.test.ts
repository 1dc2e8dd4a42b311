import { expect, test } from '@jest/globals';
import { unlessRefused } from './tell.ts';

test('one refused status holds nobody up: the key comes back when it would have, or sooner to try it again', () => {
  const answers = [
    { kind: 'after', ms: 0 },
    { kind: 'after', ms: 60_000 },
    { kind: 'never' },
    { kind: 'backoff' },
  ] as const;
  expect(answers.map((again) => unlessRefused(again, 'written'))).toEqual(answers);
  expect(answers.map((again) => unlessRefused(again, 'refused'))).toEqual([
    { kind: 'backoff', atMostMs: 0 },
    { kind: 'backoff', atMostMs: 60_000 },
    { kind: 'backoff' },
    { kind: 'backoff' },
  ]);
});
