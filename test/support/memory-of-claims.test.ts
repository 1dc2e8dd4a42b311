import { expect, test } from '@jest/globals';
import type { RouteObject, ServiceRouteObject } from '../../operator/core/model/snapshot.ts';
import { httpSpec, instant, nothingSeen, route, service, snapshot } from './core-fixtures.ts';
import { host, ingress, prefix } from './ingress-objects.ts';
import { whole } from './whole-pass.ts';

/** Who has what when the cloud forgot all of it, and statuses alone remember. */

const services = ['a', 'b'].map((team, at) => service(team, 'shop', 30_001 + at));

function states(...routes: readonly RouteObject[]): readonly string[] {
  const { result } = whole(snapshot({ routes, services }), nothingSeen);
  return result.verdicts.map(({ state, problem }) => (problem === undefined ? state : `${state} ${problem.reason}`));
}

function holder(value: string): ServiceRouteObject {
  const object = route({ namespace: 'b', name: 'web', spec: httpSpec(value, 'shop'), minute: 10 });
  const claim = { type: 'Hostname', value, listeners: ['http'], state: 'Held', since: instant(11) } as const;
  return { ...object, status: { ...object.status, claims: [claim] } };
}

test('a hostname that was written into an older Ingress meanwhile stays with the route whose status says it', () => {
  const recordedIngress = [{ ip: '198.51.100.7', ports: [{ port: 80, protocol: 'TCP' }] }];
  const edited = ingress({ rules: [host('shop.io', prefix('/'))], minute: 1, recordedIngress });
  expect(states(edited, holder('shop.io'))).toEqual(['Conflicted HostnameConflict', 'Programmed']);
});
