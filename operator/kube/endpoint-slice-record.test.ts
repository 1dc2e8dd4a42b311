import { expect, test } from '@jest/globals';
import { endpointSliceRecord } from './endpoint-slice-record.ts';
import type { KubeObject } from './kube-object.ts';

function slice(
  rest: Readonly<Record<string, unknown>>,
  labels: KubeObject['metadata']['labels'] = service,
): KubeObject {
  const metadata = { name: 'web-x', namespace: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
  return { ...rest, metadata: { ...metadata, ...(labels === undefined ? {} : { labels }) } };
}
const service = { 'kubernetes.io/service-name': 'web' };

test('endpoints by Pod and node, ports as the Service names them', () => {
  const endpoints = [
    {
      addresses: ['10.1.0.1'],
      conditions: { ready: false, serving: true, terminating: true },
      nodeName: 'n1',
      targetRef: { kind: 'Pod', name: 'web-1' },
    },
    { addresses: ['2001:DB8:0::1'] },
  ];
  const ports = [{ name: 'http', protocol: 'TCP', port: 8080 }, { port: 53, protocol: 'UDP' }, { name: 'every' }];
  const read = [
    { name: 'http', protocol: 'TCP', port: 8080 },
    { name: '', protocol: 'UDP', port: 53 },
  ];
  expect(endpointSliceRecord(slice({ endpoints, ports }))).toEqual({
    namespace: 'a',
    service: 'web',
    endpoints: [
      { address: '10.1.0.1', name: 'web-1', node: 'n1', ready: false, serving: true, terminating: true, ports: read },
      {
        address: '2001:db8::1',
        name: '2001:db8::1',
        node: undefined,
        ready: true,
        serving: true,
        terminating: false,
        ports: read,
      },
    ],
  });
});

test('what is null, a DNS name or nobody’s is no endpoint of a Service', () => {
  expect(endpointSliceRecord(slice({ endpoints: null, ports: null }))).toEqual({
    namespace: 'a',
    service: 'web',
    endpoints: [],
  });
  expect(endpointSliceRecord(slice({ endpoints: [{ addresses: ['db.example.com'] }] })).endpoints).toEqual([]);
  expect(endpointSliceRecord(slice({ endpoints: [] }, {})).service).toBeUndefined();
});

test.each(['web~20261122T100100Z', 'web\n', 'Web#abcdef', '', 'w'.repeat(254)])(
  'an endpoint that calls its Pod %j, as no Pod can be called, goes by its address',
  (name) => {
    const endpoints = [{ addresses: ['10.1.0.1'], targetRef: { kind: 'Pod', name } }];
    expect(endpointSliceRecord(slice({ endpoints })).endpoints.map((one) => one.name)).toEqual(['10.1.0.1']);
  },
);
