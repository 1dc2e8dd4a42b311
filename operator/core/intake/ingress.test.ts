import { describe, expect, test } from '@jest/globals';
import { balancer, digest, httpListener, service, snapshot } from '../../../test/support/core-fixtures.ts';
import { host, ingress, type IngressGiven, prefix, to } from '../../../test/support/ingress-objects.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import { type HttpRuleIntent, matchText, type RouteIntent } from '../model/intents.ts';
import { intake } from './intake.ts';

function intentOf(given: IngressGiven, spec: Partial<BalancerSpec> = {}): RouteIntent {
  const world = balancer(spec);
  const services = ['shop', 'next'].map((name, at) => service('a', name, 30_001 + at));
  const [intent] = intake(snapshot({ routes: [ingress(given)], services, balancer: world }), world, digest).routes;
  if (intent === undefined) throw new Error('one Ingress is one route');
  return intent;
}

/** `name host match → backends: Reason`. */
function lines(given: IngressGiven, spec: Partial<BalancerSpec> = {}): readonly string[] {
  return intentOf(given, spec).rules.map((rule) => {
    if (rule.kind !== 'http' || rule.action.type !== 'Forward') throw new Error('a rule of an Ingress forwards');
    const [where, match] = [rule.hostnames.join(), rule.matches.map(matchText).join()];
    const backends = rule.action.pool.backends.map((one) => one.service).join();
    return `${rule.name} ${where} ${match} → ${backends}${rule.problem === undefined ? '' : `: ${rule.problem.reason}`}`;
  });
}

function httpRules(given: IngressGiven, spec: Partial<BalancerSpec> = {}): readonly HttpRuleIntent[] {
  return intentOf(given, spec).rules.flatMap((rule) => (rule.kind === 'http' ? [rule] : []));
}

const every = { hostnames: [{ pattern: '*', namespaces: ['a'] }] };
const attachment = { ...balancer().spec.attachment, ...every };

test('each path of each host is a rule, in the order of the spec', () => {
  const rules = [
    host('shop.example.com', { ...prefix('/old'), pathType: 'Exact' }, prefix('/api/'), prefix('/', 'next')),
    host('*.example.com', { ...prefix('/docs'), pathType: 'ImplementationSpecific' }),
  ];
  expect(lines({ rules })).toEqual([
    'old-8657e16c shop.example.com Exact /old → shop',
    'api-b2b0a6d7 shop.example.com PathPrefix /api → shop',
    'all-72e69723 shop.example.com any → next',
    'docs-e1ed4d11 +.example.com PathPrefix /docs → shop',
  ]);
});

function nameOf(path: string, name = 'a.io'): string {
  return httpRules({ rules: [host(name, prefix(path))] })[0]?.name ?? '';
}

describe('the name of a rule', () => {
  test('does not depend on the backend, nor on what else stands in the object', () => {
    const [alone] = httpRules({ rules: [host('a.io', prefix('/x'))] });
    const among = httpRules({
      annotations: { 'octopool.dev/target-type': 'PodIP' },
      rules: [host('b.io', prefix('/')), host('a.io', prefix('/y'), prefix('/x', 'next'))],
    });
    expect(among.map(({ name }) => name)).toContain(alone?.name);
  });

  test('is a label, however long or odd the path is', () => {
    const names = ['/', '/a.b/c_d', `/${'x'.repeat(127)}`, '/~', '/ü"', '/aaaaaaaaaaaaaaaaaaaaaaa/b'].map((path) =>
      nameOf(path),
    );
    expect(names.filter((name) => !/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('differs by host', () => {
    expect(nameOf('/x')).not.toBe(nameOf('/x', 'b.io'));
  });
});

test('of the same path twice the first counts, and the second is told', () => {
  const rules = [
    host('a.io', prefix('/x')),
    host('a.io', prefix('/x/', 'next'), { ...prefix('/x'), pathType: 'Exact' }),
  ];
  expect(lines({ rules })).toEqual([
    'x-8d2d564f a.io PathPrefix /x → shop',
    'x-8d2d564f-2 a.io PathPrefix /x → next: RuleConflict',
    'x-c7f38cf2 a.io Exact /x → shop',
  ]);
});

describe('defaultBackend', () => {
  const defaultBackend = to('next');
  const rules = [host('a.io', prefix('/x')), host('b.io', prefix('/')), host('c.io')];

  test('gets the rest of each host of the Ingress, and of no other', () => {
    expect(lines({ defaultBackend, rules }).slice(2)).toEqual([
      'all-c3c82e22 a.io any → next',
      'all-50b9226d c.io any → next',
    ]);
  });

  test('gets the requests to no host of anybody where they are delegated', () => {
    expect(lines({ defaultBackend, rules }, { attachment }).at(-1)).toBe('all-18871c1d * any → next');
  });

  test('asks for them too where it is all that the Ingress says, so that its owner learns why not', () => {
    expect(lines({ defaultBackend })).toEqual(['all-18871c1d * any → next']);
  });
});

describe('hosts of spec.tls are not served in clear', () => {
  const hosts = ['a.io', 'x.b.io', '*.b.io', 'y.x.b.io', undefined];
  const waiting = (tls: readonly (readonly string[])[]): readonly string[] =>
    httpRules({
      rules: hosts.map((name) => host(name, prefix('/'))),
      tls: tls.map((names) => ({ hosts: names, secretName: 's' })),
    }).flatMap(({ hostnames, withdrawn }) => (withdrawn?.reason === 'UnsupportedValue' ? hostnames : []));

  test.each([
    [[], []],
    [[['z.io']], ['*']],
    [[['a.io']], ['a.io', '*']],
    [[['x.b.io']], ['x.b.io', '+.b.io', '*']],
    [[['*.b.io']], ['x.b.io', '+.b.io', '*']],
    [
      [['z.io'], []],
      ['a.io', 'x.b.io', '+.b.io', 'y.x.b.io', '*'],
    ],
  ])('of %j wait: %j', (tls, expected) => {
    expect(waiting(tls)).toEqual(expected);
  });
});

test('what cannot reach the configuration of HAProxy is told with its place, rule by rule', () => {
  const rules = [host('a.io', prefix('/ok'), prefix('/b"d')), host('under_score.io', prefix('/'))];
  expect(httpRules({ rules }).map(({ problem }) => problem?.message ?? 'good')).toEqual([
    'good',
    expect.stringMatching(/^spec\.rules\[0\]\.http\.paths\[1\]\.path: character /),
    expect.stringMatching(/^spec\.rules\[\]\.host: character "_" at position 6 /),
  ]);
});

test('only Services are backends', () => {
  const bucket = { path: '/f', pathType: 'Prefix', backend: { kind: 'resource', what: 'Bucket files' } } as const;
  expect(httpRules({ rules: [host('a.io', bucket)] }).map(({ problem }) => problem)).toEqual([
    {
      reason: 'UnsupportedValue',
      message:
        'spec.rules[0].http.paths[0]: Bucket files is no Service, and a load balancer can send to nothing else. Name a Service.',
    },
  ]);
});

test('annotations choose listeners, targets and the drain', () => {
  const annotations = {
    'octopool.dev/listeners': 'alt, http',
    'octopool.dev/target-type': 'PodIP',
    'octopool.dev/drain-timeout': '1m30s',
  };
  const listeners = ['http', 'more', 'alt'].map((name, at) => httpListener(name, 80 + at));
  const [rule] = httpRules({ annotations, rules: [host('a.io', prefix('/'))] }, { listeners });
  expect(rule).toMatchObject({
    listeners: ['alt', 'http'],
    problem: undefined,
    action: { pool: { drainTimeout: 90_000, backends: [{ target: { type: 'PodIP' } }] } },
  });
});

test('addresses are remembered as hostnames on the listeners of their ports, but for those where it lost', () => {
  const ports = [
    { port: 80, protocol: 'TCP' },
    { port: 81, protocol: 'TCP', error: 'octopool.dev/HostnameConflict' },
    { port: 82, protocol: 'TCP', error: 'octopool.dev/ProvisioningError' },
    { port: 83, protocol: 'TCP', error: 'octopool.dev/BackendNotFound' },
    { port: 84, protocol: 'TCP', error: 'octopool.dev/HostnameNotDelegated' },
  ];
  const listeners = ports.map(({ port }) => httpListener(`http-${port}`, port));
  const given = { rules: [host('*.io', prefix('/'), prefix('/x'))], recordedIngress: [{ ip: '198.51.100.7', ports }] };
  const { recorded, source } = intentOf(given, { listeners });
  expect(recorded).toEqual([
    {
      type: 'Hostname',
      value: '+.io',
      listeners: ['http-80', 'http-82', 'http-83'],
      state: 'Held',
      since: source.createdAt,
    },
  ]);
});
