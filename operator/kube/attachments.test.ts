import { expect, test } from '@jest/globals';
import { attachedInputs } from '../../test/support/attached-inputs.ts';
import { type BalancerName, balancerName, unplacedClassName } from '../core/model/brand.ts';
import type { Attachments } from './attachments.ts';
import { type Lookups, wokenByIngress, wokenByIngressClass } from './concerned-keys.ts';
import { ingressClassRecord } from './ingress-class-record.ts';
import { ingressRecord } from './ingress-record.ts';
import { keptByOwner, keptWhole } from './kept.ts';
import type { KubeObject } from './kube-object.ts';

const metadata = (name: string, namespace?: string): KubeObject['metadata'] => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '2026-11-22T10:00:00Z',
});

function ingressClass(name: string, spec: unknown): KubeObject {
  return { metadata: metadata(name), spec };
}

const parameters = {
  apiGroup: 'octopool.dev',
  kind: 'SharedBalancer',
  scope: 'Namespace',
  namespace: 'edge',
  name: 'public',
};
const controller = 'octopool.dev/ingress';
const objects: Readonly<Record<string, readonly KubeObject[]>> = {
  IngressClass: [
    ingressClass('named', { controller, parameters }),
    ingressClass('bare', { controller }),
    ingressClass('wrong', { controller, parameters: { ...parameters, kind: 'ConfigMap' } }),
    ingressClass('wide', { controller, parameters: { ...parameters, namespace: undefined, scope: 'Cluster' } }),
    ingressClass('foreign', { controller: 'example.com/other', parameters }),
  ],
  Ingress: ['named', 'bare', 'wrong', 'wide', 'foreign', 'missing'].map((ingressClassName) => ({
    metadata: metadata(`of-${ingressClassName}`, 'team-a'),
    spec: { ingressClassName },
  })),
};

const managedFields = [{ manager: 'octopool-ingress', subresource: 'status' }];
const toldByUs = (objects['Ingress'] ?? []).map((one) => ({ ...one, metadata: { ...one.metadata, managedFields } }));

function attached(defaultBalancer: BalancerName | undefined): Attachments {
  return attachedInputs((kind, recordOf) => (objects[kind] ?? []).map(recordOf), [], defaultBalancer);
}

/** Where each Ingress is served, by its class. */
function places(defaultBalancer: BalancerName | undefined): Readonly<Record<string, string>> {
  const attachments = attached(defaultBalancer);
  return Object.fromEntries(
    attachments.in('team-a').map(({ balancer, route }) => [route.meta.name.slice(3), balancer]),
  );
}

test('the class of an Ingress leads to a balancer, to the default one, or to a key under which it is told that it leads nowhere', () => {
  expect(places(undefined)).toEqual({
    named: 'edge/public',
    bare: unplacedClassName('bare'),
    wrong: unplacedClassName('wrong'),
    wide: unplacedClassName('wide'),
  });
  expect(places(balancerName('edge', 'fallback'))).toEqual({
    named: 'edge/public',
    bare: 'edge/fallback',
    wrong: unplacedClassName('wrong'),
    wide: unplacedClassName('wide'),
  });
});

test.each([
  ['that names a balancer', { controller, parameters }, 'edge/public'],
  ['that means the default one', { controller }, 'edge/fallback'],
  ['that leads nowhere', { controller, parameters: { ...parameters, kind: 'ConfigMap' } }, unplacedClassName('gone')],
])('a class %s wakes it when it goes, and when it becomes another controller’s', (_, spec, key) => {
  const attachments = attached(balancerName('edge', 'fallback'));
  // by then its Ingresses are nobody's
  const lookups = {
    ledTo: (record) => attachments.ledTo(record),
    ingressesOf: () => [],
  } as Partial<Lookups> as Lookups;
  const [before, after] = [spec, { ...spec, controller: 'example.com/other' }].map((one) =>
    keptWhole(ingressClassRecord(ingressClass('gone', one))),
  );
  expect(wokenByIngressClass({ key: 'gone', before, after: undefined }, lookups).keys).toEqual([key, 'nodes']);
  expect(wokenByIngressClass({ key: 'gone', before, after }, lookups).keys).toEqual([key, 'nodes']);
});

test('an Ingress is left when it says what we told it, and its class is not ours any more; it wakes what looks after nobody’s', () => {
  const attachments = attachedInputs(
    (kind, recordOf) => ((kind === 'Ingress' ? toldByUs : objects[kind]) ?? []).map(recordOf),
    [],
    undefined,
  );
  expect(attachments.left().map(({ meta }) => meta.name)).toEqual(['of-foreign', 'of-missing']);
  expect(attached(undefined).left()).toEqual([]);
  const lookups = { classOf: (ingress) => attachments.balancerOf(ingress) } as Partial<Lookups> as Lookups;
  const woken = toldByUs.map((object) => {
    const after = keptByOwner(ingressRecord(object), object);
    return wokenByIngress({ key: object.metadata.name, before: undefined, after }, lookups).keys;
  });
  const unplaced = ['bare', 'wrong', 'wide'].map((name) => [unplacedClassName(name)]);
  expect(woken).toEqual([['edge/public'], ...unplaced, ['nodes'], ['nodes']]);
});
