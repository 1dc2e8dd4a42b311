import { expect, test } from '@jest/globals';
import { decided } from '../../test/support/decided.ts';
import { everyRequest, httpSpec, nothingSeen, route, service, snapshot } from '../../test/support/core-fixtures.ts';
import type { HttpRouteSpec, RouteSpec } from '../core/model/route-spec.ts';
import { fullBody } from './full-create.ts';

const under = (value: string) => [{ ...everyRequest, path: { type: 'PathPrefix', value } as const }];

test('one POST has redirects and rejections too, with the rules they need and in the order in which HAProxy takes them', () => {
  const forward = httpSpec('a.example.com', 'shop');
  const { rules: forwards, ...http } = forward.protocol as HttpRouteSpec;
  const rules: HttpRouteSpec['rules'] = [
    ...forwards.map((rule) => ({ ...rule, matches: under('/api') })),
    {
      name: 'https',
      matches: [],
      action: { type: 'Redirect', code: 308, prefix: 'https://a.example.com' },
      backendPolicy: {},
    },
    {
      name: 'old',
      matches: under('/old'),
      action: { type: 'Redirect', code: 301, url: 'https://b.io/' },
      backendPolicy: {},
    },
    { name: 'admin', matches: under('/admin'), action: { type: 'Reject' }, backendPolicy: {} },
  ];
  const spec: RouteSpec = { ...forward, protocol: { ...http, rules } };
  const world = snapshot({
    routes: [route({ namespace: 'a', name: 'shop', spec })],
    services: [service('a', 'shop', 30001)],
  });
  const { wanted } = decided(world, nothingSeen);
  if (wanted.loadBalancer === undefined) throw new Error('a balancer is wanted');
  const { listeners } = fullBody({ loadBalancer: wanted.loadBalancer, tree: wanted, portId: undefined });
  const policies = listeners?.flatMap(({ l7policies = [] }) => l7policies);
  expect(
    policies?.map(({ name: _name, description: _description, tags: _tags, rules: all, ...policy }) => ({
      ...policy,
      rules: all?.map(({ type, value, invert }) => `${invert === true ? 'not ' : ''}${type} ${value}`),
    })),
  ).toEqual([
    { action: 'REJECT', position: 1, rules: [host, 'PATH ^/admin(/|$)'] },
    {
      action: 'REDIRECT_TO_URL',
      redirect_url: 'https://b.io/',
      redirect_http_code: 301,
      position: 2,
      rules: [host, 'PATH ^/old(/|$)'],
    },
    {
      action: 'REDIRECT_PREFIX',
      redirect_prefix: 'https://a.example.com',
      redirect_http_code: 308,
      position: 3,
      rules: [host, 'not PATH ^/api(/|$)'],
    },
    {
      action: 'REDIRECT_TO_POOL',
      redirect_pool: { name: wanted.pools[0]?.name },
      position: 4,
      rules: [host, 'PATH ^/api(/|$)'],
    },
  ]);
});

const host = String.raw`HOST_NAME ^a\.example\.com(:[0-9]+)?$`;
