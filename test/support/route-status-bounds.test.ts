import { expect, test } from '@jest/globals';
import { serviceRouteStatusSchema } from '../../operator/api/v1alpha1/status.ts';
import type { RouteSpec } from '../../operator/core/model/route-spec.ts';
import { report } from '../../operator/core/report/report.ts';
import { everyRequest, httpSpec, nothingSeen, route, service, snapshot } from './core-fixtures.ts';
import { whole } from './whole-pass.ts';

/** A status that the API server refuses is told to nobody, and makes every pass over the balancer fail. */

const label = 'a'.repeat(48);
const longNames = [1, 2, 3, 4].map((at) => `${label}.${label}.${label}.${label}.n${at}`);

function longMatch(): RouteSpec {
  const spec = httpSpec('a.io', 'shop');
  const { protocol } = spec;
  if (protocol.kind !== 'http') throw new Error('not by hostname');
  const headers = ['A', 'B', 'C', 'D'].map((letter) => ({
    name: `X-${letter.repeat(60)}`,
    type: 'Exact' as const,
    value: 'v'.repeat(128),
    invert: false,
  }));
  const rules = protocol.rules.map((rule) => ({ ...rule, matches: [{ ...everyRequest, headers, cookies: headers }] }));
  return { ...spec, protocol: { ...protocol, rules } };
}

function longHostnames(): RouteSpec {
  const spec = httpSpec('a.io', 'shop');
  return spec.protocol.kind === 'http' ? { ...spec, protocol: { ...spec.protocol, hostnames: longNames } } : spec;
}

test.each([
  ['four hostnames that another namespace has', longHostnames(), 'b'],
  ['a match that another route has', longMatch(), 'a'],
])('the status of a route that asks for %s is one that its schema takes, however long these are', (_, spec, loser) => {
  const routes = ['a', loser].map((namespace, at) => route({ namespace, name: `r${at}`, spec, minute: at }));
  const services = ['a', 'b'].map((namespace, at) => service(namespace, 'shop', 30_001 + at));
  const { result } = whole(snapshot({ routes, services }), nothingSeen);
  const statuses = report(result, new Map()).routes.map(({ status }) => serviceRouteStatusSchema.parse(status));
  const messages = statuses.flatMap(({ rules = [] }) =>
    rules.map(({ state, message }) => `${state} ${message?.length}`),
  );
  // who is under way reads a short one
  expect(messages).toEqual(['Pending 53', 'Conflicted 1024']);
});
