import { describe, expect, test } from '@jest/globals';
import type { HttpRuleSpec, RouteSpec } from '../core/model/route-spec.ts';
import { routeRecord } from './route-record.ts';

const metadata = {
  name: 'shop',
  namespace: 'team-a',
  uid: 'u1',
  resourceVersion: '7',
  generation: 2,
  creationTimestamp: '2026-11-22T10:00:00Z',
};
const balancerRef = { name: 'public', namespace: 'edge' };
const action = { type: 'Forward', backends: [{ service: 'shop', port: 'http' }] };
const record = (spec: unknown, status?: unknown) => routeRecord({ metadata, spec, status });
const specOf = (spec: object) => record({ balancerRef, ...spec }).route.spec;

function ruleOf(rule: object): HttpRuleSpec | undefined {
  const spec = specOf({ http: { hostnames: ['a.example.com'], rules: [{ name: 'all', action, ...rule }] } });
  return 'protocol' in spec && spec.protocol.kind === 'http' ? spec.protocol.rules[0] : undefined;
}

describe('a ServiceRoute by hostname', () => {
  test('that says as little as it can is read with every default in its place', () => {
    expect(specOf({ http: { hostnames: ['*.a.example.com', '*'], rules: [{ name: 'all', action }] } })).toEqual({
      protocol: {
        kind: 'http',
        listeners: undefined,
        hostnames: ['*.a.example.com', '*'],
        rules: [
          {
            name: 'all',
            matches: [],
            action: { type: 'Forward', backends: [{ service: 'shop', port: 'http', weight: 1, role: 'Active' }] },
            backendPolicy: {},
          },
        ],
      },
      backendPolicy: {},
    });
  });

  test('is read with each of its matches whole', () => {
    const matches = [
      { path: { value: '/api' }, headers: [{ name: 'X-Env', value: 'canary' }], fileTypes: ['jpg'] },
      { path: { type: 'Regex', value: '^/v[0-9]+' }, cookies: [{ name: 'beta', type: 'Present', invert: true }] },
      {},
    ];
    expect(ruleOf({ matches })?.matches).toEqual([
      {
        path: { type: 'PathPrefix', value: '/api' },
        headers: [{ name: 'X-Env', type: 'Exact', value: 'canary', invert: false }],
        cookies: [],
        fileTypes: ['jpg'],
      },
      {
        path: { type: 'Regex', value: '^/v[0-9]+' },
        headers: [],
        cookies: [{ name: 'beta', type: 'Present', value: undefined, invert: true }],
        fileTypes: [],
      },
      { path: undefined, headers: [], cookies: [], fileTypes: [] },
    ]);
  });

  test.each([
    [
      { type: 'Redirect', redirect: { url: 'https://b.example.com/new', code: 308 } },
      { type: 'Redirect', url: 'https://b.example.com/new', code: 308 },
    ],
    [
      { type: 'Redirect', redirect: { prefix: 'https://b.example.com' } },
      { type: 'Redirect', prefix: 'https://b.example.com', code: 302 },
    ],
    [{ type: 'Reject' }, { type: 'Reject' }],
    [
      {
        type: 'Forward',
        backends: [
          { service: 'a', port: 80, weight: 9 },
          { service: 'b', port: 80, role: 'Backup' },
        ],
      },
      {
        type: 'Forward',
        backends: [
          { service: 'a', port: 80, weight: 9, role: 'Active' },
          { service: 'b', port: 80, weight: 1, role: 'Backup' },
        ],
      },
    ],
  ])('whose action is %j', (given, wanted) => {
    expect(ruleOf({ action: given })?.action).toEqual(wanted);
  });

  test('keeps the policy of a rule apart from that of the route', () => {
    const rules = [{ name: 'all', action, backendPolicy: { sessionPersistence: { type: 'HTTPCookie' } } }];
    const spec = specOf({
      http: { hostnames: ['a.example.com'], rules },
      backendPolicy: { targetType: 'PodIP', drainTimeout: '45s' },
    }) as RouteSpec;
    expect([spec.backendPolicy, spec.protocol.kind === 'http' && spec.protocol.rules[0]?.backendPolicy]).toEqual([
      { targetType: 'PodIP', drainTimeout: 45_000 },
      { sessionPersistence: { type: 'HTTPCookie' } },
    ]);
  });
});

describe('a ServiceRoute by port', () => {
  test('that says as little as it can is TCP for everybody, with the timeouts of the cloud', () => {
    expect(specOf({ l4: { port: 5432, backends: [{ service: 'pg', port: 5432 }] } })).toEqual({
      protocol: {
        kind: 'l4',
        port: 5432,
        protocol: 'TCP',
        sourceRanges: [],
        connectionLimit: -1,
        timeouts: undefined,
        backends: [{ service: 'pg', port: 5432, weight: 1, role: 'Active' }],
      },
      backendPolicy: {},
    });
  });

  test('is read with its networks in one form and with whole timeouts once it names one', () => {
    const spec = specOf({
      l4: {
        port: 5432,
        sourceRanges: ['2001:DB8::/32', '192.0.2.7/24'],
        connectionLimit: 5000,
        timeouts: { clientData: '1h' },
        backends: [{ service: 'pg', port: 5432 }],
      },
    }) as RouteSpec;
    expect(spec.protocol).toEqual({
      kind: 'l4',
      port: 5432,
      protocol: 'TCP',
      sourceRanges: ['192.0.2.0/24', '2001:db8::/32'],
      connectionLimit: 5000,
      timeouts: { clientData: 3_600_000, memberConnect: 5_000, memberData: 50_000, tcpInspect: 0 },
      backends: [{ service: 'pg', port: 5432, weight: 1, role: 'Active' }],
    });
  });

  test.each(['UDP', 'SCTP'])('may be one of %s', (protocol) => {
    const spec = specOf({ l4: { port: 53, protocol, backends: [{ service: 'dns', port: 53 }] } }) as RouteSpec;
    expect(spec.protocol).toMatchObject({ kind: 'l4', protocol, timeouts: undefined });
  });
});

test('a route is found by its balancer, and by the Services that any of its rules sends to', () => {
  const rules = [
    { name: 'a', action },
    {
      name: 'b',
      action: {
        type: 'Forward',
        backends: [
          { service: 'blog', port: 80 },
          { service: 'shop', port: 81 },
        ],
      },
    },
    { name: 'c', action: { type: 'Reject' } },
  ];
  const { key, namespace, balancer, services, deleting } = record({
    balancerRef: { name: 'own' },
    http: { hostnames: ['a.example.com'], rules },
  });
  expect({ key, namespace, balancer, services: [...services], deleting }).toEqual({
    key: 'team-a/shop',
    namespace: 'team-a',
    balancer: 'team-a/own',
    services: ['shop', 'blog'],
    deleting: false,
  });
});

test('a route that the schema refuses still names its balancer, and is one problem', () => {
  const { balancer, services, route } = record({ balancerRef, l4: { port: 1, protocol: 'TLS', backends: [] } });
  expect({ balancer, services: [...services], spec: route.spec }).toEqual({
    balancer: 'edge/public',
    services: [],
    spec: {
      invalid: {
        reason: 'Invalid',
        message: 'spec.l4.protocol: Invalid option: expected one of "TCP"|"UDP"|"SCTP". Correct the object.',
      },
    },
  });
});

test('claims that an earlier pass wrote are evidence, and anything else there is none', () => {
  const claim = { type: 'Port', value: 'UDP/53', state: 'Held', since: '2026-11-22T09:00:00Z' };
  const { route } = record({ balancerRef }, { claims: [claim, { type: 'Moon' }, 'nonsense'] });
  expect(route.status.claims).toEqual([
    { type: 'Port', value: 'UDP/53', listeners: [], state: 'Held', since: Date.UTC(2026, 10, 22, 9) },
  ]);
});
