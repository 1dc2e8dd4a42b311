import { expect, test } from '@jest/globals';
import { type Results, verdictOf } from './verdict.ts';

const named = { project: 'unit', file: 'operator/a.test.ts', name: 'block does it' };

function results(of: { readonly status?: string; readonly failure?: string; readonly message?: string }): Results {
  const { status, failure, message = '' } = of;
  const failureMessages = failure === undefined ? [] : [failure];
  const assertionResults = status === undefined ? [] : [{ fullName: named.name, status, failureMessages }];
  return { testResults: [{ name: `/copy/${named.file}`, message, assertionResults }] };
}

test.each([
  ['Error: \u001B[2mexpect(\u001B[22mreceived\u001B[2m).toEqual(\u001B[22mexpected)', 'failed'],
  ['Error: gave up after 60 s: the pools are removed\n    at waitFor', 'failed'],
  ['Error: not settled after 60 rounds: edge/public', 'failed'],
  ['ReferenceError: seen is not defined', 'broken'],
  ['Error: listen EADDRINUSE', 'broken'],
])('a test that fails by %j is %s', (failure, kind) => {
  expect(verdictOf(results({ status: 'failed', failure }), named).kind).toBe(kind);
});

test('a test that passes, is skipped, or is not there', () => {
  expect(verdictOf(results({ status: 'passed' }), named)).toEqual({ kind: 'passed' });
  expect(verdictOf(results({ status: 'pending' }), named)).toEqual({ kind: 'broken', why: 'pending' });
  expect(verdictOf(results({}), named)).toEqual({
    kind: 'broken',
    why: 'operator/a.test.ts has no test "block does it"',
  });
  expect(verdictOf(results({ message: '\n  ● Test suite failed to run\n\n' }), named)).toEqual({
    kind: 'broken',
    why: '● Test suite failed to run',
  });
  expect(verdictOf({ testResults: [] }, named)).toEqual({
    kind: 'broken',
    why: 'jest did not run operator/a.test.ts',
  });
});
