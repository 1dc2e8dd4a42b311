import { describe, expect, test } from '@jest/globals';
import {
  balancer,
  httpSpec,
  nothingSeen,
  programmed,
  route,
  service,
  snapshot,
} from '../../../test/support/core-fixtures.ts';
import { host, ingress, prefix } from '../../../test/support/ingress-objects.ts';
import { whole } from '../../../test/support/whole-pass.ts';
import type { Attachment } from '../model/balancer-spec.ts';
import type { RouteObject } from '../model/snapshot.ts';

/** Hostnames of an Ingress of team a, and of a route of team b, that share requests. */

const services = ['a', 'b'].map((team, at) => service(team, 'shop', 30_001 + at));

function statesOf(first: RouteObject, second: RouteObject, hostnames: Attachment['hostnames'] = []): readonly string[] {
  const world = balancer({ attachment: { ...balancer().spec.attachment, hostnames } });
  const seen = programmed(whole(snapshot({ routes: [first], services, balancer: world }), nothingSeen).wanted);
  const { result } = whole(snapshot({ routes: [first, second], services, balancer: world }), seen);
  return result.verdicts.map(({ state, problem }) => (problem === undefined ? state : `${state} ${problem.reason}`));
}

const ofIngress = (name: string) => ingress({ namespace: 'a', rules: [host(name, prefix('/'))] });
const ofRoute = (name: string) => route({ namespace: 'b', name: 'other', spec: httpSpec(name, 'shop') });

describe('under FirstClaim the one who came first has it', () => {
  const conflict = ['Programmed', 'Conflicted HostnameConflict'];
  const both = ['Programmed', 'Programmed'];
  test.each([
    ['*.x.io', '*.x.io', conflict],
    ['*.x.io', 'a.x.io', conflict],
    ['*.x.io', 'b.a.x.io', both],
    ['*.x.io', '*.a.x.io', both],
    ['*.x.y.io', '*.y.io', both],
    ['*.x.io', 'x.io', both],
  ])('an Ingress has %s: a route that asks for %s', (held, asked, states) => {
    expect(statesOf(ofIngress(held), ofRoute(asked))).toEqual(states);
  });

  test.each([
    ['*.x.io', '*.x.io', conflict],
    ['*.x.io', '*.a.x.io', conflict],
    ['*.x.io', 'a.x.io', conflict],
    ['a.x.io', '*.x.io', both],
    ['b.a.x.io', '*.x.io', both],
    ['*.a.x.io', '*.x.io', both],
  ])('a route has %s: an Ingress that asks for %s', (held, asked, states) => {
    expect(statesOf(ofRoute(held), ofIngress(asked))).toEqual(states);
  });
});

function to(...namespaces: readonly string[]): Attachment['hostnames'] {
  return [{ pattern: '*.x.io', namespaces }];
}

test('what is delegated to both is both’s, and what is delegated to one is not the other’s', () => {
  expect(statesOf(ofIngress('*.x.io'), ofRoute('*.x.io'), to('a', 'b'))).toEqual(['Programmed', 'Programmed']);
  expect(statesOf(ofIngress('*.x.io'), ofRoute('*.x.io'), to('b'))).toEqual([
    'Dropped HostnameNotDelegated',
    'Programmed',
  ]);
});

test('nobody reads how a wildcard of one label is kept', () => {
  const [first, second] = [ofIngress('*.x.io'), ingress({ namespace: 'b', rules: [host('*.x.io', prefix('/'))] })];
  const { result, claims, wanted } = whole(snapshot({ routes: [first, second], services }), nothingSeen);
  const read = [
    ...result.verdicts.flatMap(({ problem }) => problem?.message ?? []),
    ...claims.conflicts.map(({ what }) => what),
    ...wanted.policies.flatMap(({ name, description }) => [name, description]),
  ];
  expect([read.length > 3, read.filter((text) => text.includes('+.'))]).toEqual([true, []]);
});
