import { expect, test } from '@jest/globals';
import {
  balancer,
  digest,
  everyRequest,
  httpSpec,
  route,
  service,
  snapshot,
} from '../../../test/support/core-fixtures.ts';
import type { HttpRouteSpec } from '../model/route-spec.ts';
import { intake } from './intake.ts';

/** The only rule of a route that says this. */
function ruleOf(change: Partial<HttpRouteSpec>) {
  const spec = httpSpec('shop.example.com', 'shop');
  const protocol = { ...(spec.protocol as HttpRouteSpec), ...change };
  const routes = [route({ namespace: 'a', name: 'shop', spec: { ...spec, protocol } })];
  const world = balancer();
  const { routes: intents } = intake(snapshot({ routes, services: [service('a', 'shop', 30001)] }), world, digest);
  const [rule] = intents[0]?.rules ?? [];
  if (rule?.kind !== 'http') throw new Error('an http rule was asked for');
  return rule;
}

const rule = { name: 'all', matches: [], backendPolicy: {} } as const;

test('redirects and rejections need no backend', () => {
  const redirect = { type: 'Redirect', code: 301, url: 'https://new.example.com/x' } as const;
  const reject = { type: 'Reject' } as const;
  for (const action of [redirect, reject])
    expect(ruleOf({ rules: [{ ...rule, action }] })).toMatchObject({ action, problem: undefined });
});

test.each([{ url: 'https://a.b/c#d' }, { prefix: 'https://a.b/"' }])('a redirect to %j is refused', (target) => {
  const action = { type: 'Redirect', code: 302, ...target } as const;
  const field = 'url' in target ? 'action.redirect.url' : 'action.redirect.prefix';
  expect(ruleOf({ rules: [{ ...rule, action }] }).problem).toEqual({
    reason: 'UnsafeString',
    message: expect.stringContaining(`${field}: character `),
  });
});

test('hostnames are exact names, names below a domain, or all; sorted and distinct', () => {
  const hostnames = ['*', 'b.example.com', '*.example.com', 'b.example.com'];
  expect(ruleOf({ hostnames })).toMatchObject({
    hostnames: ['*', '*.example.com', 'b.example.com'],
    problem: undefined,
  });
  expect(ruleOf({ hostnames: ['a.example.com', 'b_.example.com'] }).problem?.message).toContain(
    'http.hostnames[1]: character "_" at position 2',
  );
});

test('a name or prefix whose escapes do not fit into a rule of Octavia is told so, never cut', () => {
  const name = `${'a.'.repeat(99)}aa`; // 200 characters, 99 of them dots
  expect(ruleOf({ hostnames: [name] }).problem).toEqual({
    reason: 'UnsupportedValue',
    message: expect.stringContaining('311 of 255 that Octavia takes'),
  });
  const matches = [{ ...everyRequest, path: { type: 'PathPrefix', value: `/${'+'.repeat(127)}` } } as const];
  const forward = { type: 'Forward', backends: [{ service: 'shop', port: 80, weight: 1, role: 'Active' }] } as const;
  expect(ruleOf({ rules: [{ ...rule, matches, action: forward }] }).problem).toEqual({
    reason: 'UnsupportedValue',
    message: expect.stringContaining('261 of 255 that Octavia takes'),
  });
});
