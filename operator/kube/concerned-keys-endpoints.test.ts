import { describe, expect, test } from '@jest/globals';
import {
  backend,
  balancer,
  endpoint,
  httpListener,
  httpSpec,
  l4Spec,
  route,
  service,
} from '../../test/support/core-fixtures.ts';
import { type BalancerName, balancerName } from '../core/model/brand.ts';
import type { BackendPolicySpec, HttpRouteSpec, RouteSpec } from '../core/model/route-spec.ts';
import type { BalancerObject, EndpointObject, PlainServiceObject, ServiceObject } from '../core/model/snapshot.ts';
import { type Lookups, wokenByEndpoints, wokenByService } from './concerned-keys.ts';
import type { AttachedRecord } from './attached-record.ts';
import type { EndpointSliceRecord } from './endpoint-slice-record.ts';
import { keptWhole } from './kept.ts';
import { plainServiceRecord } from './plain-service-record.ts';

function record(name: string, services: readonly string[], spec: RouteSpec): AttachedRecord {
  const object = route({ namespace: 'edge', name, spec });
  const balancerOfIt = balancerName('edge', name);
  return {
    key: `edge/${name}`,
    namespace: 'edge',
    balancer: balancerOfIt,
    services: new Set(services),
    deleting: false,
    route: object,
  };
}

const metadata = { uid: 'shop', resourceVersion: '1', creationTimestamp: '2026-11-22T10:00:00Z' };
const pods: BackendPolicySpec = { targetType: 'PodIP' };

/** Two rules to two Services, of which the second has its own word. */
function twoRules(route_: BackendPolicySpec, second: BackendPolicySpec): RouteSpec {
  const { protocol } = httpSpec('shop.example.com', 'shop');
  const http = protocol as HttpRouteSpec;
  const rules = ['shop', 'mail'].map((name, at) => ({
    name,
    matches: [],
    action: { type: 'Forward' as const, backends: [backend(name)] },
    backendPolicy: at === 1 ? second : {},
  }));
  return { protocol: { ...http, rules }, backendPolicy: route_ };
}

const [, shop] = service('edge', 'shop', 30001);

function lookups(of: {
  readonly routes?: readonly AttachedRecord[];
  readonly defaults?: BackendPolicySpec;
  readonly defaultBackend?: string;
  readonly service?: Partial<ServiceObject>;
  readonly plain?: PlainServiceObject;
}): Lookups {
  const listener = {
    ...httpListener('http', 80),
    defaultBackend: of.defaultBackend === undefined ? undefined : { service: of.defaultBackend, port: 80 },
  };
  const own: BalancerObject = balancer({ defaults: of.defaults ?? {}, listeners: [listener] });
  return {
    balancers: () => ['edge/public' as BalancerName],
    dedicated: () => [],
    balancer: () => own,
    balancersIn: (namespace) => (namespace === 'edge' ? [own] : []),
    attachedIn: (namespace) => (namespace === 'edge' ? (of.routes ?? []) : []),
    service: () => ({ ...shop, ...of.service }),
    plain: () => of.plain,
    classOf: () => undefined,
    ingressesOf: () => [],
    ledTo: () => undefined,
  };
}

function slice(name: string | undefined, namespace = 'edge'): EndpointSliceRecord {
  return { namespace, service: name, endpoints: [endpoint('p', '10.1.0.1')] };
}

function pod(at: number, ports: EndpointObject['ports'] = []): EndpointObject {
  return { ...endpoint(`p${at}`, `10.1.0.${at}`), ports };
}

function sliceOf(endpoints: readonly EndpointObject[] | undefined): EndpointSliceRecord | undefined {
  return endpoints === undefined ? undefined : { ...slice('shop'), endpoints };
}

const change = (before: EndpointSliceRecord | undefined, after: EndpointSliceRecord | undefined) => ({
  key: 'edge/x',
  before: before === undefined ? undefined : keptWhole(before),
  after: after === undefined ? undefined : keptWhole(after),
});
const wokenBy = (of: Parameters<typeof lookups>[0], name = 'shop') =>
  wokenByEndpoints(change(undefined, slice(name)), lookups(of)).keys;

describe('endpoints wake only who looks at Pods', () => {
  test('churn of Pods behind plain node ports wakes nobody', () => {
    const routes = [record('r', ['shop'], l4Spec(5432, 'shop'))];
    expect(wokenBy({ routes, defaultBackend: 'shop' })).toEqual([]);
  });

  test('a Service of externalTrafficPolicy Local wakes the balancers of all that name it', () => {
    const routes = [record('r', ['shop'], l4Spec(5432, 'shop')), record('other', ['mail'], l4Spec(25, 'mail'))];
    expect(wokenBy({ routes, defaultBackend: 'shop', service: { trafficPolicy: 'Local' } })).toEqual([
      'edge/r',
      'edge/public',
    ]);
  });

  test('a plain Service is told when its first Pod answers, when a port gets its name and when the last Pod goes, and not in between', () => {
    const shop = plainServiceRecord({ metadata: { ...metadata, name: 'shop', namespace: 'edge' }, spec: {} });
    const named = [{ name: 'http', protocol: 'TCP', port: 8080 }] as const;
    const states = [[], [{ ...pod(1), ready: false, serving: false }], [pod(1)], [pod(1), pod(2)], [pod(2, named)], []];
    const steps = states.map((endpoints, at) => [states[at - 1], endpoints] as const);
    const attached = { ...record('public', ['shop'], l4Spec(1, 'shop')), route: shop };
    const woken = (of: Parameters<typeof lookups>[0]) =>
      steps.map(([before, after]) =>
        wokenByEndpoints(change(sliceOf(before), sliceOf(after)), lookups(of)).keys.join(),
      );
    const own = 'edge/service:shop';
    expect(woken({ plain: shop })).toEqual([own, own, own, '', own, own]);
    const both = `edge/public,${own}`;
    expect(woken({ plain: shop, routes: [attached] })).toEqual([both, both, both, '', both, both]);
  });

  test('PodIP counts where it is inherited: rule before route before balancer', () => {
    const l4 = { ...l4Spec(5432, 'shop'), backendPolicy: pods };
    expect([
      wokenBy({ routes: [record('r', ['shop'], l4)] }),
      wokenBy({ routes: [record('r', ['shop'], l4Spec(5432, 'shop'))], defaults: pods }),
      wokenBy({ routes: [record('r', ['shop', 'mail'], twoRules(pods, { targetType: 'NodePort' }))] }),
      wokenBy({ routes: [record('r', ['shop', 'mail'], twoRules({}, pods))] }),
      wokenBy({ routes: [record('r', ['shop', 'mail'], twoRules({}, pods))] }, 'mail'),
    ]).toEqual([['edge/r'], ['edge/r'], ['edge/r'], [], ['edge/r']]);
  });

  test('a default backend is its balancer’s, by the balancer’s own target type', () => {
    expect([
      wokenBy({ defaultBackend: 'shop', defaults: pods }),
      wokenBy({ defaultBackend: 'mail', defaults: pods }),
    ]).toEqual([['edge/public'], []]);
  });

  test('a slice that changes hands concerns both Services, one that belongs to none concerns nobody', () => {
    const routes = [
      record('r', ['shop'], { ...l4Spec(5432, 'shop'), backendPolicy: pods }),
      record('s', ['mail'], { ...l4Spec(25, 'mail'), backendPolicy: pods }),
    ];
    expect(wokenByEndpoints(change(slice('shop'), slice('mail')), lookups({ routes })).keys).toEqual([
      'edge/r',
      'edge/s',
    ]);
    expect(wokenByEndpoints(change(slice(undefined), undefined), lookups({ routes })).keys).toEqual([]);
    expect(wokenByEndpoints(change(slice('shop', 'else'), undefined), lookups({ routes })).keys).toEqual([]);
  });

  test('they wait two seconds for their like', () => {
    expect(wokenByEndpoints(change(slice('shop'), undefined), lookups({})).window).toEqual({
      settle: 2_000,
      atMost: 5_000,
    });
  });
});

const kept = (name: string) =>
  keptWhole({ service: service('edge', name, 30001)[1], plain: undefined, place: { kind: 'none' as const } });

const woken = (before: string | undefined, after: string | undefined) =>
  wokenByService(
    {
      key: 'edge/x',
      before: before === undefined ? undefined : kept(before),
      after: after === undefined ? undefined : kept(after),
    },
    lookups({ defaultBackend: 'landing' }),
  ).keys;

test('a Service wakes the balancer whose default backend it is, and no other of its namespace unless it gives a port back', () => {
  expect([woken(undefined, 'landing'), woken(undefined, 'shop'), woken('shop', undefined)]).toEqual([
    ['edge/public'],
    [],
    ['edge/public'],
  ]);
});
