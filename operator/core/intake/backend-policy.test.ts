import { describe, expect, test } from '@jest/globals';
import type { BackendPolicySpec, HealthMonitorSpec } from '../model/route-spec.ts';
import { inheritPolicy, type PoolKind } from './backend-policy.ts';
import { defaultMonitor, monitorFits, monitorIntent } from './monitor.ts';

const kinds: readonly PoolKind[] = ['HTTP', 'TCP', 'UDP', 'SCTP'];
const faultOf = (policy: BackendPolicySpec) => (kind: PoolKind) => inheritPolicy([policy], {}, kind).problem?.reason;

describe('inheritance', () => {
  test('rule before route before balancer, field by field; a field that is left out is not said', () => {
    const rule: BackendPolicySpec = { algorithm: 'SourceIP', drainTimeout: undefined };
    const route: BackendPolicySpec = { algorithm: 'LeastConnections', drainTimeout: 0 };
    const defaults: BackendPolicySpec = { algorithm: 'RoundRobin', drainTimeout: 9_000, maxNodes: 3 };
    expect(inheritPolicy([rule, route], defaults, 'HTTP')).toEqual({
      policy: { algorithm: 'SourceIP', drainTimeout: 0, maxNodes: 3 },
      problem: undefined,
    });
  });

  test('a monitor is inherited whole', () => {
    const own: BackendPolicySpec = { healthMonitor: { type: 'TCP' } };
    const defaults: BackendPolicySpec = { healthMonitor: { type: 'TCP', delay: 60_000 } };
    expect(inheritPolicy([own], defaults, 'TCP').policy).toEqual(own);
  });

  test("a balancer's default that cannot fit a route's protocol says nothing to it", () => {
    const defaults: BackendPolicySpec = {
      proxyProtocol: 'V2',
      sessionPersistence: { type: 'HTTPCookie' },
      healthMonitor: { type: 'HTTPS' },
      maxNodes: 3,
    };
    expect(inheritPolicy([], defaults, 'UDP')).toEqual({ policy: { maxNodes: 3 }, problem: undefined });
    expect(inheritPolicy([], defaults, 'HTTP')).toEqual({ policy: defaults, problem: undefined });
  });
});

describe('what Octavia has for which protocol', () => {
  const no = 'UnsupportedValue';
  const yes = undefined;
  test.each<[string, BackendPolicySpec, readonly (string | undefined)[]]>([
    ['cookie of HAProxy', { sessionPersistence: { type: 'HTTPCookie' } }, [yes, no, no, no]],
    ['cookie of the application', { sessionPersistence: { type: 'AppCookie', cookieName: 'sid' } }, [yes, no, no, no]],
    ['persistence by address', { sessionPersistence: { type: 'SourceIP' } }, [yes, yes, yes, yes]],
    ['persistence for a time', { sessionPersistence: { type: 'SourceIP', timeout: 60_000 } }, [no, no, yes, yes]],
    ['PROXY header', { proxyProtocol: 'V1' }, [yes, yes, no, no]],
    ['no PROXY header, said aloud', { proxyProtocol: 'None' }, [yes, yes, yes, yes]],
  ])('%s', (_, policy, expected) => {
    expect(kinds.map(faultOf(policy))).toEqual(expected);
  });

  test.each<[HealthMonitorSpec['type'], readonly boolean[]]>([
    ['None', [true, true, true, true]],
    ['TCP', [true, true, true, true]],
    ['HTTP', [true, true, true, true]],
    ['HTTPS', [true, true, false, false]],
    ['TLSHello', [true, true, false, false]],
    ['Ping', [true, true, false, false]],
    ['UDPConnect', [false, false, true, true]],
    ['SCTP', [false, false, true, true]],
  ])('monitor %s', (type, expected) => {
    expect(kinds.map((kind) => monitorFits(type, kind))).toEqual(expected);
    expect(kinds.map(faultOf({ healthMonitor: { type } }))).toEqual(expected.map((fits) => (fits ? yes : no)));
  });

  test.each<[string, BackendPolicySpec, string]>([
    ['a cookie without a name', { sessionPersistence: { type: 'AppCookie' } }, 'Invalid'],
    [
      'a name for the cookie that is always SRV',
      { sessionPersistence: { type: 'HTTPCookie', cookieName: 'x' } },
      'Invalid',
    ],
    [
      'a cookie name that HAProxy would misread',
      { sessionPersistence: { type: 'AppCookie', cookieName: 'a b' } },
      'UnsafeString',
    ],
  ])('%s', (_, policy, reason) => {
    expect(faultOf(policy)('HTTP')).toBe(reason);
  });
});

describe('monitors', () => {
  test('the default asks what the members speak, or the node itself where it knows better', () => {
    expect(kinds.map((kind) => defaultMonitor(kind, false).type)).toEqual(['TCP', 'TCP', 'UDPConnect', 'SCTP']);
    expect(kinds.map((kind) => defaultMonitor(kind, true))).toEqual(
      kinds.map(() => ({ type: 'HTTP', path: '/healthz' })),
    );
  });

  test('what is left out is built in, and a short delay alone is legal', () => {
    expect(monitorIntent({ type: 'HTTPS', delay: 2_000 })).toEqual({
      monitor: {
        type: 'HTTPS',
        delay: 2_000,
        timeout: 2_000,
        maxRetries: 1,
        maxRetriesDown: 3,
        path: '/',
        method: 'GET',
        version: '1.0',
        host: undefined,
        expectedCodes: '200',
      },
      problem: undefined,
    });
  });
});
