import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '../kubernetes/wait.ts';
import { startMetricsProxies } from '../openstack/metrics-proxies.ts';
import { haproxyConfigs, section } from '../openstack/rendered.ts';
import { namespace } from '../support/manifests.ts';
import { expected } from './l7/expectations.ts';
import { balancer, ports, routes, services } from './l7/rules.ts';
import { type Answer, ask, askOnce, type Request } from './support/ask.ts';
import { listenerNamed, poolNamed } from './support/cloud-objects.ts';
import { addressOf, forward, loadBalancerOf, programmed, route } from './support/objects.ts';
import { openWorld, type World } from './support/world.ts';

/** Every word of L7, told by requests that go through a real HAProxy configured by a real Octavia. */

let world: World;
let address: string;

beforeAll(async () => {
  world = await openWorld({ echoPorts: Object.values(ports) });
  const { clients } = world;
  await world.apply(...['edge', 'team-a'].map(namespace), ...services, ...routes, balancer(clients[0] ?? ''));
  await programmed(world);
  address = await addressOf(world);
  await asked({ host: 'nobody.example.org' });
}, 3_600_000);

afterAll(() => world?.stop(), 420_000);

function asked(request: Omit<Request, 'address'>): Promise<Answer> {
  return ask(world.lab, { address, ...request });
}

/** What a client can tell of an answer, as expectations say it. */
function told({ status, location, echo }: Answer) {
  return { status, ...(echo === undefined ? {} : { port: echo.port }), ...(location === '' ? {} : { location }) };
}

function headers({ echo }: Answer): Readonly<Record<string, string>> {
  return Object.fromEntries((echo?.headers ?? []).map(([name, value]) => [name.toLowerCase(), value]));
}

describe('requests', () => {
  test.each(expected)('$what: $host', async ({ host, asked: given, told: wanted }) => {
    expect(told(await asked({ host, ...given }))).toEqual(wanted);
  });

  test('a host that no route has is answered 503 where the listener has no default backend', async () => {
    expect(told(await asked({ port: 8080, path: '/other' }))).toEqual({ status: 503 });
  });

  test('a route of every host answers on the listener that it names, and on no other', async () => {
    const request = { host: 'any.example.org', path: '/desk/1' };
    expect(told(await asked({ ...request, port: 8080 }))).toEqual({ status: 200, port: ports.d });
    expect(told(await asked(request))).toEqual({ status: 200, port: ports.landing });
  });
});

describe('listeners', () => {
  test('members learn by headers who asked, on which port and by which protocol', async () => {
    expect(headers(await asked({ host: 'fields.example.com' }))).toMatchObject({
      'x-forwarded-for': world.clients[0],
      'x-forwarded-port': '80',
      'x-forwarded-proto': 'http',
    });
  });

  test('a listener inserts the headers that it names and no others', async () => {
    const answer = headers(await asked({ port: 8080, path: '/desk' }));
    expect(Object.keys(answer).filter((name) => name.startsWith('x-'))).toEqual(['x-forwarded-proto']);
  });

  test('who is not in allowedCIDRs gets no connection, while others do', async () => {
    const [inside, outside] = world.clients;
    if (inside === undefined || outside === undefined) throw new Error('the client has two addresses');
    const request = { port: 8080, path: '/desk' };
    expect(told(await asked({ ...request, from: inside }))).toEqual({ status: 200, port: ports.d });
    expect(told(await askOnce(world.lab, { address, ...request, from: outside }))).toEqual({ status: 0 });
    expect(told(await asked({ host: 'paths.example.com', path: '/exact', from: outside }))).toMatchObject({
      status: 200,
    });
  });

  test('the Prometheus listener answers with the metrics of the balancer', async () => {
    const stop = await startMetricsProxies(world.lab, world.cluster.dir, await loadBalancerOf(world));
    try {
      const { status, body } = await asked({ port: 9101, path: '/metrics' });
      expect(status).toBe(200);
      expect(body).toMatch(/^octavia_listener_http_requests_total\{[^}]*\} [1-9]/m);
    } finally {
      await stop();
    }
  });

  test('limits and timeouts are in the configuration that HAProxy runs with', async () => {
    const id = await loadBalancerOf(world);
    const listener = await listenerNamed(world, id, 'edge/public/office');
    const pool = await poolNamed(world, id, 'team-a/office/desk');
    const configs = await haproxyConfigs(id);
    expect(configs.length).toBe(2);
    for (const config of configs) {
      expect(section(config, `frontend ${listener.id}`)).toEqual(
        expect.arrayContaining(['maxconn 77', 'timeout client 41000']),
      );
      expect(section(config, `backend ${pool.id}:${listener.id}`)).toEqual(
        expect.arrayContaining(['timeout connect 3000', 'timeout server 42000']),
      );
    }
  });
});

test('requests follow the edit of a match and of an action', async () => {
  const edited = route('one-name', {
    http: {
      listeners: ['http'],
      hostnames: ['deep.wild.example.com'],
      rules: [{ name: 'all', matches: [{ path: { type: 'PathPrefix', value: '/only' } }], action: forward('d') }],
    },
  });
  await world.apply(edited);
  // what the exact name has no more is the wildcard's again
  const wanted = [
    { status: 200, port: ports.d },
    { status: 200, port: ports.a },
  ];
  await waitFor('the edit is in effect', 120, async () => {
    const answers = ['/only/x', '/'].map((path) => asked({ host: 'deep.wild.example.com', path }));
    return isDeepStrictEqual((await Promise.all(answers)).map(told), wanted) ? true : undefined;
  });
}, 300_000);
