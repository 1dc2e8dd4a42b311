import { sharedBalancer, type Manifest } from '../../support/manifests.ts';
import { forward, route, service } from '../support/objects.ts';

/** One balancer and the routes of a team that use every word of L7. Which backend answered tells which rule decided. */

export const ports = { a: 31_001, b: 31_002, c: 31_003, d: 31_004, landing: 31_009 } as const;

/** `inside`: the only address that the listener `office` lets in. */
export function balancer(inside: string): Manifest {
  return sharedBalancer({
    namespace: 'edge',
    name: 'public',
    spec: {
      attachment: {
        from: 'All',
        undelegated: 'FirstClaim',
        regexMatches: 'Allowed',
        hostnames: [{ pattern: '*', namespaces: ['team-a'] }],
      },
      defaults: { backendPolicy: { maxNodes: 1, healthMonitor: { type: 'None' } } },
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP', defaultBackend: { service: 'landing', port: 80 } },
        {
          name: 'office',
          port: 8080,
          protocol: 'HTTP',
          allowedCIDRs: [`${inside}/32`],
          insertHeaders: ['X-Forwarded-Proto'],
          connectionLimit: 77,
          timeouts: { clientData: '41s', memberConnect: '3s', memberData: '42s' },
        },
        { name: 'metrics', port: 9101, protocol: 'Prometheus' },
      ],
    },
  });
}

export const services = [
  ...(['a', 'b', 'c', 'd'] as const).map((name) => service(name, ports[name])),
  service('landing', ports.landing, { namespace: 'edge' }),
];

function http(name: string, hostnames: readonly string[], rules: readonly Manifest[], listener = 'http'): Manifest {
  return route(name, { http: { listeners: [listener], hostnames, rules } });
}

const all = (backend: string): Manifest => ({ name: 'all', action: forward(backend) });
const under = (value: string): Manifest => ({ path: { type: 'PathPrefix', value } });
const exactly = (value: string): Manifest => ({ path: { type: 'Exact', value } });
const redirect = (to: Manifest): Manifest => ({ type: 'Redirect', redirect: to });

const hosts = [
  http('any-depth', ['*.wild.example.com'], [all('a')]),
  http('one-name', ['deep.wild.example.com'], [all('b')]),
  http('longer-wildcard', ['*.sub.wild.example.com'], [all('c')]),
];

const paths = http(
  'paths',
  ['paths.example.com'],
  [
    { name: 'exact', matches: [exactly('/exact')], action: forward('a') },
    { name: 'prefix', matches: [under('/pre')], action: forward('b') },
    { name: 'longer-prefix', matches: [under('/pre/deep')], action: forward('c') },
    { name: 'regex', matches: [{ path: { type: 'Regex', value: '^/r[0-9]+/x$' } }], action: forward('d') },
    { name: 'pictures', matches: [{ fileTypes: ['png', 'webp'] }], action: forward('a') },
  ],
);

const canary = { name: 'X-Env', value: 'canary' };
const session = { name: 'stage', value: 'canary' };
const fields = http(
  'fields',
  ['fields.example.com'],
  [
    {
      name: 'headers',
      matches: [
        { ...under('/h/exact'), headers: [canary] },
        { ...under('/h/prefix'), headers: [{ ...canary, type: 'Prefix', value: 'can' }] },
        { ...under('/h/suffix'), headers: [{ ...canary, type: 'Suffix', value: 'ary' }] },
        { ...under('/h/contains'), headers: [{ ...canary, type: 'Contains', value: 'nar' }] },
        { ...under('/h/regex'), headers: [{ ...canary, type: 'Regex', value: 'c.n+ary' }] },
        { ...under('/h/present'), headers: [{ name: 'X-Env', type: 'Present' }] },
        { ...under('/h/not'), headers: [{ ...canary, invert: true }] },
        { ...under('/both'), headers: [canary], cookies: [session] },
      ],
      action: forward('a'),
    },
    {
      name: 'cookies',
      matches: [
        { ...under('/c/exact'), cookies: [session] },
        { ...under('/c/prefix'), cookies: [{ ...session, type: 'Prefix', value: 'can' }] },
        { ...under('/c/suffix'), cookies: [{ ...session, type: 'Suffix', value: 'ary' }] },
        { ...under('/c/contains'), cookies: [{ ...session, type: 'Contains', value: 'nar' }] },
        { ...under('/c/present'), cookies: [{ name: 'stage', type: 'Present' }] },
        { ...under('/c/not'), cookies: [{ ...session, invert: true }] },
      ],
      action: forward('c'),
    },
    all('b'),
  ],
);

const moves = http(
  'moves',
  ['moves.example.com'],
  [
    { name: 'whole', matches: [exactly('/old')], action: redirect({ url: 'https://www.example.com/new', code: 301 }) },
    { name: 'other', matches: [exactly('/see')], action: redirect({ url: 'https://www.example.com/it', code: 303 }) },
    { name: 'plain', matches: [exactly('/found')], action: redirect({ url: 'https://www.example.com/f' }) },
    { name: 'prefix', matches: [under('/blog')], action: redirect({ prefix: 'https://blog.example.com', code: 308 }) },
  ],
);

/** Octavia carries out every reject and every redirect before it forwards anything: what is more specific must be left out of them. */
const exceptions = [
  http(
    'elsewhere',
    ['elsewhere.example.com'],
    [
      { name: 'all', action: redirect({ prefix: 'https://elsewhere.example.com', code: 308 }) },
      { name: 'challenge', matches: [exactly('/.well-known/acme-challenge/token')], action: forward('a') },
      { name: 'canary', matches: [{ ...under('/api'), headers: [canary] }], action: forward('b') },
    ],
  ),
  http(
    'closed',
    ['closed.example.com'],
    [
      { name: 'all', action: { type: 'Reject' } },
      { name: 'moved', matches: [exactly('/open/old')], action: redirect({ url: 'https://www.example.com/open' }) },
      { name: 'open', matches: [under('/open')], action: forward('c') },
    ],
  ),
];

const office = http('office', ['*'], [{ name: 'desk', matches: [under('/desk')], action: forward('d') }], 'office');

export const routes = [...hosts, paths, fields, moves, ...exceptions, office];
