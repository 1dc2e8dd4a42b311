import { expect, test } from '@jest/globals';
import { plainServiceRecord } from '../../operator/kube/plain-service-record.ts';
import { balancerName } from '../../operator/core/model/brand.ts';
import type { PlacePolicy } from '../../operator/core/model/plain-service.ts';
import { placeOf } from '../../operator/core/intake/place.ts';

const left: PlacePolicy = { classless: 'left', defaultBalancer: undefined, defaultInternalBalancer: undefined };
const claimed: PlacePolicy = {
  classless: 'claimed',
  defaultBalancer: balancerName('edge', 'public'),
  defaultInternalBalancer: balancerName('edge', 'inside'),
};

interface Said {
  readonly type?: string;
  readonly loadBalancerClass?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** Where a Service of team-a is served, in a word. */
function placed(
  { type = 'LoadBalancer', loadBalancerClass, annotations = {}, finalizers = [] }: Said,
  policy: PlacePolicy,
) {
  const times = { resourceVersion: '1', creationTimestamp: '2026-11-22T10:00:00Z' };
  const metadata = { name: 'web', namespace: 'team-a', uid: 'u', annotations, finalizers, ...times };
  const place = placeOf(plainServiceRecord({ metadata, spec: { type, loadBalancerClass } }), policy);
  switch (place.kind) {
    case 'pooled':
      return place.balancer;
    case 'unplaced':
    case 'foreign':
      return `${place.kind} ${place.problem.reason}`;
    default:
      return place.kind;
  }
}

const shared = { loadBalancerClass: 'octopool.dev/shared' };
const dedicated = { loadBalancerClass: 'octopool.dev/dedicated' };
const named = { annotations: { 'octopool.dev/balancer': 'edge/other' } };
const internal = { annotations: { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true' } };

test.each<[string, Said, string, string]>([
  ['class shared', shared, 'unplaced NoBalancer', 'edge/public'],
  ['class shared that asks to be internal', { ...shared, ...internal }, 'unplaced NoBalancer', 'edge/inside'],
  [
    'class shared that asks to be internal in a block of YAML',
    { ...shared, annotations: { 'service.beta.kubernetes.io/openstack-internal-load-balancer': 'true\n' } },
    'unplaced NoBalancer',
    'edge/inside',
  ],
  ['class shared that names one', { ...shared, ...named }, 'edge/other', 'edge/other'],
  ['class dedicated', dedicated, 'dedicated', 'dedicated'],
  ['class dedicated that names one, which is how it moves', { ...dedicated, ...named }, 'edge/other', 'edge/other'],
  ['no class', {}, 'none', 'dedicated'],
  ['no class that names one', named, 'foreign ForeignController', 'edge/other'],
  [
    'no class with the mark of the cloud provider',
    { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] },
    'none',
    'foreign ForeignController',
  ],
  ['a class of somebody else', { loadBalancerClass: 'example.com/other', ...named }, 'none', 'none'],
  ['type NodePort', { type: 'NodePort' }, 'none', 'none'],
  ['type NodePort that names one', { type: 'NodePort', ...named }, 'edge/other', 'edge/other'],
  ['type ClusterIP that names one', { type: 'ClusterIP', ...named }, 'none', 'none'],
  [
    'a name in its own namespace',
    { ...shared, annotations: { 'octopool.dev/balancer': 'mine' } },
    'team-a/mine',
    'team-a/mine',
  ],
  [
    'a name that is none',
    { ...shared, annotations: { 'octopool.dev/balancer': 'a/b/c' } },
    'unplaced Invalid',
    'unplaced Invalid',
  ],
])('of a Service of %s', (_, said, withoutFlags, withFlags) => {
  expect([placed(said, left), placed(said, claimed)]).toEqual([withoutFlags, withFlags]);
});
