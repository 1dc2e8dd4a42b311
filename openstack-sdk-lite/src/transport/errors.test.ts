import { describe, expect, test } from '@jest/globals';
import * as errors from './errors.ts';
import { faultText } from './fault-text.ts';

const questions = {
  immutable: errors.isImmutable,
  inError: errors.isBalancerInError,
  conflict: errors.isConflict,
  quota: errors.isQuota,
  denied: errors.isPolicyDenied,
  missing: errors.isNotFound,
  stale: errors.isStale,
  unknown: errors.isOutcomeUnknown,
};

describe('an answer of the cloud', () => {
  test.each<readonly [number, string, readonly string[]]>([
    [409, 'Load Balancer 1f is immutable and cannot be updated.', ['immutable', 'conflict']],
    [409, 'Pool 1f is immutable and cannot be updated.', ['immutable', 'conflict']],
    [409, 'Invalid state PENDING_CREATE of loadbalancer resource 1f', ['immutable', 'conflict']],
    [409, 'Invalid state ERROR of loadbalancer resource 1f', ['inError', 'conflict']],
    [409, 'Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80', ['conflict']],
    [409, 'Pool 1f is in use by L7 policy 2f', ['conflict']],
    [409, "OverQuota: Quota exceeded for resources: ['floatingip'].", ['conflict', 'quota']],
    [403, 'Quota has been met for resources: Load Balancer', ['quota']],
    [403, 'Policy does not allow this request to be performed.', ['denied']],
    [404, 'Pool 1f not found.', ['missing']],
    [412, 'RevisionNumberConstraintFailed: Constrained to 1, but current revision is 2', ['stale']],
    [503, 'away', ['unknown']],
    [500, "'dict' object has no attribute '_sa_instance_state'", []],
  ])('%i %s is %j', (status, text, expected) => {
    const error = new errors.OpenStackError({ kind: 'http', status, faultText: text, service: 'octavia' });
    const yes = Object.entries(questions).filter(([, asks]) => asks(error));
    expect(yes.map(([name]) => name).toSorted()).toEqual([...expected].toSorted());
  });

  test.each<readonly [string, unknown, string]>([
    [
      'Octavia',
      { faultcode: 'Client', faultstring: 'This pool already has a health monitor', debuginfo: null },
      'This pool already has a health monitor',
    ],
    [
      'Keystone',
      { error: { code: 403, message: 'You are not authorized.', title: 'Forbidden' } },
      'You are not authorized.',
    ],
    [
      'a limit',
      { code: 400, title: 'Bad Request', description: "Supplied pagination limit 'abc' is not valid." },
      "Supplied pagination limit 'abc' is not valid.",
    ],
    [
      'Neutron',
      { NeutronError: { type: 'OverQuota', message: 'Quota exceeded.', detail: '' } },
      'OverQuota: Quota exceeded.',
    ],
    ['a proxy', ' <h1>Bad Gateway</h1>\n', '<h1>Bad Gateway</h1>'],
    ['nobody', undefined, 'nothing'],
  ])('is read from the envelope of %s', (_, body, text) => {
    expect(faultText(body, 'nothing')).toBe(text);
  });

  test('becomes one sentence', () => {
    const facts = { kind: 'http', status: 409, faultText: 'busy', service: 'octavia', requestId: 'req-1' } as const;
    const error = new errors.OpenStackError({ ...facts, method: 'PUT', path: '/v2/lbaas/pools/1' });
    expect(error.message).toBe('octavia PUT /v2/lbaas/pools/1: 409 busy (req-1)');
  });
});
