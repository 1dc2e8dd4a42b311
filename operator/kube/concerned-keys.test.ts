import { expect, test } from '@jest/globals';
import { balancer, balancerSpec, node } from '../../test/support/core-fixtures.ts';
import type { BalancerName, Uid } from '../core/model/brand.ts';
import type { ServiceObject, ServiceRouteObject } from '../core/model/snapshot.ts';
import { type Lookups, wokenByNamespace, wokenByNode, wokenByRoute, wokenByService } from './concerned-keys.ts';
import { type Kept, keptByOwner, keptWhole } from './kept.ts';
import type { KubeObject } from './kube-object.ts';
import { nodeRecord } from './node-record.ts';
import type { AttachedRecord } from './attached-record.ts';
import { routeRecord } from './route-record.ts';
import type { ServiceEntry } from './service-entry.ts';

function routeObject(of: {
  readonly name: string;
  readonly service: string;
  readonly status?: unknown;
  readonly generation?: number;
}): KubeObject {
  return {
    metadata: {
      name: of.name,
      namespace: 'team-a',
      uid: of.name,
      resourceVersion: '1',
      generation: of.generation ?? 1,
      creationTimestamp: '2026-11-22T10:00:00Z',
    },
    spec: {
      balancerRef: { name: 'public', namespace: 'edge' },
      l4: { port: 5432, backends: [{ service: of.service, port: 1 }] },
    },
    status: of.status,
  };
}

const shop = routeRecord(routeObject({ name: 'shop', service: 'shop' }));
const lookups: Lookups = {
  balancers: () => ['edge/public', 'edge/other'] as BalancerName[],
  dedicated: () => ['team-a/service:own'] as string[] as BalancerName[],
  balancer: () => balancer({ attachment: { ...balancerSpec.attachment, from: 'Selector' as const } }),
  balancersIn: () => [],
  attachedIn: (namespace) => (namespace === 'team-a' ? [shop] : []),
  service: () => undefined,
  plain: () => undefined,
  classOf: () => undefined,
  ingressesOf: () => [],
  ledTo: () => undefined,
};
const change = <Record>(before: Record | undefined, after: Record | undefined) => ({
  key: 'team-a/x',
  before: before === undefined ? undefined : keptWhole(before),
  after: after === undefined ? undefined : keptWhole(after),
});

function service(name: string, nodePort: number): ServiceEntry {
  const object: ServiceObject = {
    namespace: 'team-a',
    name,
    uid: name as Uid,
    ports: [{ name: undefined, port: 1, protocol: 'TCP', nodePort, targetPort: undefined }],
    trafficPolicy: 'Cluster',
    healthCheckNodePort: undefined,
    publishNotReadyAddresses: false,
    clientAffinity: undefined,
    selector: undefined,
  };
  return { service: object, plain: undefined, place: { kind: 'none' } };
}

test('a route wakes its balancer; what we wrote into its status wakes nobody', () => {
  expect(wokenByRoute({ key: 'team-a/shop', before: undefined, after: kept({}, 1) }).keys).toEqual(['edge/public']);
  expect(kept({ healthy: '1/1' }, 1).footprint).toBe(kept({}, 1).footprint);
  expect(kept({}, 2).footprint).not.toBe(kept({}, 1).footprint);
});

test('a Service wakes the balancers of routes that name it; one that gives a node port back wakes all of its namespace', () => {
  expect(wokenByService(change<ServiceEntry>(undefined, service('shop', 30001)), lookups).keys).toEqual([
    'edge/public',
  ]);
  expect(wokenByService(change<ServiceEntry>(undefined, service('mail', 30002)), lookups).keys).toEqual([]);
  expect(wokenByService(change(service('mail', 30002), undefined), lookups).keys).toEqual(['edge/public']);
});

test('a Service that has a load balancer of its own no more wakes the key of the nodes', () => {
  const own: ServiceEntry = { ...service('own', 30003), place: { kind: 'dedicated' } };
  const leaving: ServiceEntry = { ...own, place: { kind: 'none' } };
  expect([
    wokenByService(change<ServiceEntry>(undefined, own), lookups).keys,
    wokenByService(change(own, leaving), lookups).keys,
    wokenByService(change(leaving, leaving), lookups).keys,
  ]).toEqual([[], ['nodes'], []]);
});

test('a node wakes every balancer, those of single Services too, and the key of the nodes; its heartbeat changes nothing that is kept', () => {
  expect(wokenByNode(change(undefined, node('n1', '10.0.0.1')), lookups).keys).toEqual([
    'edge/public',
    'edge/other',
    'team-a/service:own',
    'nodes',
  ]);
  expect(beat('2026-11-22T10:00:00Z')).toBe(beat('2026-11-22T10:05:00Z'));
});

test('the labels of a namespace wake balancers that admit by label and have a route from there', () => {
  expect(wokenByNamespace({ ...change({}, { edge: 'yes' }), key: 'team-a' }, lookups).keys).toEqual(['edge/public']);
  expect(wokenByNamespace({ ...change({}, { edge: 'yes' }), key: 'team-z' }, lookups).keys).toEqual([]);
});

function kept(status: unknown, generation: number): Kept<AttachedRecord<ServiceRouteObject>> {
  const object = routeObject({ name: 'shop', service: 'shop', status, generation });
  return keptByOwner(routeRecord(object), object);
}

function beat(lastHeartbeatTime: string): string {
  const status = { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime }] };
  const metadata = { name: 'n1', uid: 'n1', resourceVersion: '1', creationTimestamp: '' };
  return keptWhole(nodeRecord({ metadata, status })).footprint;
}
