import { describe, expect, test } from '@jest/globals';
import type { BalancerSpec } from '../core/model/balancer-spec.ts';
import { balancerRecord } from './balancer-record.ts';
import type { KubeObject } from './kube-object.ts';

const metadata = {
  name: 'public',
  namespace: 'edge',
  uid: 'u1',
  resourceVersion: '7',
  generation: 3,
  creationTimestamp: '2026-11-22T10:00:00Z',
};
const stored = (spec: unknown, more: Partial<KubeObject> = {}): KubeObject => ({ metadata, spec, ...more });
const specOf = (spec: unknown) => balancerRecord(stored(spec)).spec;
const listenerOf = (listener: object) =>
  (specOf({ listeners: [{ name: 'web', port: 80, protocol: 'HTTP', ...listener }] }) as BalancerSpec).listeners[0];

const usualTimeouts = { clientData: 50_000, memberConnect: 5_000, memberData: 50_000, tcpInspect: 0 };
const nothingSaid: BalancerSpec = {
  cloud: { credentialsRef: undefined, cloudName: undefined, region: undefined },
  placement: {
    provider: undefined,
    flavor: undefined,
    availabilityZone: undefined,
    topology: undefined,
    vip: undefined,
    additionalVips: [],
  },
  network: {
    memberSubnet: undefined,
    floatingIP: { mode: undefined, address: undefined, network: undefined, subnet: undefined, reclaimPolicy: 'Delete' },
    qosPolicy: undefined,
  },
  attachment: {
    from: 'Same',
    selector: undefined,
    kinds: ['ServiceRoute', 'Service', 'Ingress'],
    undelegated: 'FirstClaim',
    hostnames: [],
    ports: [],
    regexMatches: 'Forbidden',
  },
  listeners: [],
  defaults: {},
  lifecycle: { deletionPolicy: undefined, deletionProtection: false },
  sync: { interval: 300_000, driftPolicy: 'Repair' },
};

describe('a SharedBalancer is read with every default in its place', () => {
  test('when it says nothing', () => {
    expect(specOf({})).toEqual(nothingSaid);
  });

  test('where addresses and their policies are named', () => {
    const { placement, network, sync } = specOf({
      placement: {
        topology: 'ActiveStandby',
        vip: { subnet: { name: 'front' }, address: '10.20.0.10' },
        additionalVIPs: [{ subnet: { id: '0c9d0000-0000-4000-8000-0000000000aa' }, address: '2001:DB8:0::10' }],
      },
      network: { qosPolicy: { name: 'gold' } },
      sync: { driftPolicy: 'Report', interval: '1h30m' },
    }) as BalancerSpec;
    expect({ placement, qosPolicy: network.qosPolicy, sync }).toEqual({
      placement: {
        ...nothingSaid.placement,
        topology: 'ActiveStandby',
        vip: { subnet: { name: 'front' }, address: '10.20.0.10' },
        additionalVips: [{ subnet: { id: '0c9d0000-0000-4000-8000-0000000000aa' }, address: '2001:db8::10' }],
      },
      qosPolicy: { name: 'gold' },
      sync: { interval: 5_400_000, driftPolicy: 'Report' },
    });
  });

  test('where names and ports are delegated', () => {
    const { attachment } = specOf({
      attachment: {
        from: 'Selector',
        selector: { matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
        hostnames: [{ pattern: '*.a.example.com', namespaces: ['team-a'] }],
        ports: [{ start: 30000, end: 30099, namespaces: ['team-b'] }],
        regexMatches: 'Allowed',
      },
    }) as BalancerSpec;
    expect(attachment).toEqual({
      kinds: ['ServiceRoute', 'Service', 'Ingress'],
      from: 'Selector',
      selector: { matchLabels: {}, matchExpressions: [{ key: 'tier', operator: 'Exists', values: [] }] },
      undelegated: 'Deny',
      hostnames: [{ pattern: '*.a.example.com', namespaces: ['team-a'] }],
      ports: [{ start: 30000, end: 30099, protocols: ['TCP'], namespaces: ['team-b'] }],
      regexMatches: 'Allowed',
    });
  });
});

describe('a listener', () => {
  const usual = { name: 'web', port: 80, connectionLimit: -1, timeouts: usualTimeouts, allowedCidrs: [] };

  test('of HTTP tells its members all three X-Forwarded headers', () => {
    expect(listenerOf({})).toEqual({
      ...usual,
      protocol: 'HTTP',
      insertHeaders: ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'],
      defaultBackend: undefined,
    });
  });

  test('of HTTP tells none when none is named', () => {
    expect(listenerOf({ insertHeaders: [] })?.insertHeaders).toEqual([]);
  });

  test('of Prometheus inserts nothing', () => {
    expect(listenerOf({ protocol: 'Prometheus' })).toEqual({
      ...usual,
      protocol: 'Prometheus',
      insertHeaders: [],
      defaultBackend: undefined,
    });
  });

  test('is read with its networks in one form, and its headers in one order', () => {
    expect(
      listenerOf({
        allowedCIDRs: ['2001:DB8::1/32', '10.1.2.3/8'],
        insertHeaders: ['X-Forwarded-Proto', 'X-Forwarded-For'],
        connectionLimit: 9,
        timeouts: { clientData: '1m' },
        defaultBackend: { service: 'landing', port: 'http' },
      }),
    ).toEqual({
      ...usual,
      protocol: 'HTTP',
      connectionLimit: 9,
      timeouts: { ...usualTimeouts, clientData: 60_000 },
      allowedCidrs: ['10.0.0.0/8', '2001:db8::/32'],
      insertHeaders: ['X-Forwarded-For', 'X-Forwarded-Proto'],
      defaultBackend: { service: 'landing', port: 'http' },
    });
  });
});

test('what routes inherit is read in milliseconds, and what is not said stays unsaid', () => {
  const { defaults } = specOf({
    defaults: {
      backendPolicy: {
        targetType: 'NodePort',
        nodeSelector: { matchLabels: { edge: '' } },
        sessionPersistence: { type: 'SourceIP', timeout: '10m' },
        proxyProtocol: 'V1',
        healthMonitor: { type: 'HTTPS', path: '/ready', delay: '10s' },
        drainTimeout: '0s',
      },
    },
  }) as BalancerSpec;
  expect(defaults).toEqual({
    targetType: 'NodePort',
    nodeSelector: { matchLabels: { edge: '' }, matchExpressions: [] },
    sessionPersistence: { type: 'SourceIP', timeout: 600_000 },
    proxyProtocol: 'V1',
    healthMonitor: { type: 'HTTPS', path: '/ready', delay: 10_000 },
    drainTimeout: 0,
  });
});

test('a spec that the schema refuses is one problem that names its first field', () => {
  expect(specOf({ listeners: [{ name: 'web', port: 0, protocol: 'HTTP' }] })).toEqual({
    invalid: {
      reason: 'Invalid',
      message: 'spec.listeners.0.port: Too small: expected number to be >=1. Correct the object.',
    },
  });
});

test('what an earlier pass wrote, and what holds work back, is read with the object', () => {
  const conditions = [{ type: 'Ready', status: 'True' }];
  const raw = { loadBalancerID: 'lb', address: '198.51.100.7', conditions };
  const object = stored(
    {},
    {
      metadata: {
        ...metadata,
        deletionTimestamp: '2026-11-22T11:00:00Z',
        finalizers: ['octopool.dev/balancer'],
        annotations: { 'octopool.dev/paused': 'true' },
      },
      status: raw,
    },
  );
  expect(balancerRecord(object)).toEqual({
    kind: 'SharedBalancer',
    meta: {
      namespace: 'edge',
      name: 'public',
      uid: 'u1',
      generation: 3,
      createdAt: Date.UTC(2026, 10, 22, 10),
      deletedAt: Date.UTC(2026, 10, 22, 11),
      finalizers: ['octopool.dev/balancer'],
    },
    switches: { paused: true, allowDisruptive: false },
    spec: nothingSaid,
    status: { loadBalancerID: 'lb', address: '198.51.100.7', conditions, raw },
  });
});
