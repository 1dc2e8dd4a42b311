import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { ManualClock, turns } from '../../test/support/manual-clock.ts';
import type { BalancerName, ObjectName, Uid } from '../core/model/brand.ts';
import { Caches } from './caches.ts';
import type { Wake } from './concerned-keys.ts';
import type { KubeObject } from './kube-object.ts';
import type { Kube } from './kube-request.ts';
import { KubernetesCluster } from './kubernetes-cluster.ts';

/** An API server that has these objects, and tells of the changes that a test makes. */
class Server {
  readonly #watches = new Map<string, PassThrough>();
  readonly #objects: Readonly<Record<string, readonly KubeObject[]>>;
  #version = 10;

  constructor(objects: Readonly<Record<string, readonly KubeObject[]>>) {
    this.#objects = objects;
  }

  readonly kube: Pick<Kube, 'json' | 'stream'> = {
    json: async ({ path }) => ({ metadata: { resourceVersion: '1' }, items: this.#objects[resource(path)] ?? [] }),
    stream: async ({ path, signal }) => {
      const body = new PassThrough();
      this.#watches.set(resource(path), body);
      signal.addEventListener('abort', () => body.destroy(new Error('aborted')), { once: true });
      return body;
    },
  };

  send(kind: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', { metadata, ...rest }: KubeObject): void {
    this.#version += 1;
    const object = { ...rest, metadata: { ...metadata, resourceVersion: String(this.#version) } };
    this.#watches.get(kind)?.write(`${JSON.stringify({ type, object })}\n`);
  }
}

function resource(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function object(namespace: string | undefined, name: string, rest: Readonly<Record<string, unknown>> = {}): KubeObject {
  const { labels, ...fields } = rest;
  const where = namespace === undefined ? {} : { namespace };
  const metadata = {
    name,
    ...where,
    uid: `${namespace}-${name}`,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-11-22T10:00:00Z',
  };
  return {
    ...fields,
    metadata: { ...metadata, ...(labels === undefined ? {} : { labels: labels as Record<string, string> }) },
  };
}

function slice(service: string, name: string, address: string): KubeObject {
  return object('team-a', name, {
    labels: { 'kubernetes.io/service-name': service },
    endpoints: [{ addresses: [address], nodeName: 'n1', targetRef: { kind: 'Pod', name } }],
    ports: [{ name: '', protocol: 'TCP', port: 8080 }],
  });
}

const ports = [{ port: 80, protocol: 'TCP', nodePort: 30001 }];
const objects = {
  sharedbalancers: [object('edge', 'public', { spec: {} })],
  serviceroutes: ['plain', 'local'].map((name, at) =>
    object('team-a', name, {
      spec: {
        balancerRef: { name: 'public', namespace: 'edge' },
        l4: { port: 5000 + at, protocol: 'TCP', backends: [{ service: name, port: 80 }] },
      },
    }),
  ),
  services: [
    object('team-a', 'plain', { spec: { ports } }),
    object('team-a', 'local', { spec: { ports, externalTrafficPolicy: 'Local' } }),
    object('edge', 'landing', { spec: { ports } }),
    object('else', 'stranger', { spec: { ports } }),
  ],
  ingresses: [object('else', 'foreign', { spec: { ingressClassName: 'other' } })],
  ingressclasses: [object(undefined, 'other', { spec: { controller: 'example.com/other' } })],
  endpointslices: [slice('plain', 'plain-1', '10.1.0.1'), slice('local', 'local-1', '10.1.0.2')],
  nodes: [object(undefined, 'n1')],
  namespaces: ['team-a', 'edge', 'else'].map((name) => object(undefined, name)),
};

const running: Caches[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((caches) => caches.stop()));
});

const quiet = (): void => undefined;

async function filled() {
  const server = new Server(objects);
  const wakes: Wake[] = [];
  const clock = new ManualClock();
  const caches = new Caches({
    placeOf: () => ({ kind: 'none' }),
    defaultBalancer: undefined,
    kube: server.kube,
    clock,
    onWake: (wake) => wakes.push(wake),
    onState: () => undefined,
  });
  running.push(caches);
  await caches.start();
  await turns();
  const arrived = () => caches.endpointsOf({ namespace: 'team-a', name: 'told' })?.length === 1;
  const told = async (
    kind: string,
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
    changed: KubeObject,
  ): Promise<readonly Wake[]> => {
    const before = wakes.length;
    server.send(kind, type, changed);
    // one more, of a Service that nobody names: when it is there, what was sent before it is there too
    server.send(kind, 'ADDED', slice('told', 'told-1', '10.1.0.9'));
    for (let turn = 0; !arrived() && turn < 10_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(arrived()).toBe(true);
    return wakes.slice(before).filter(({ keys }) => keys.length > 0);
  };
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const cluster = new KubernetesCluster({ uid: 'c' as Uid, caches, kube: server.kube, clock, log, identity: 'test' });
  return { caches, told, read: () => cluster.read('edge/public' as BalancerName) };
}

test('a pass reads the Services and endpoints of its routes’ namespaces and of its own, and of no other', async () => {
  const snapshot = (await filled()).read();
  expect([...snapshot.services.keys()].toSorted()).toEqual(['edge/landing', 'team-a/local', 'team-a/plain']);
  expect([...snapshot.endpoints.keys()].toSorted()).toEqual(['team-a/local', 'team-a/plain']);
});

test('all slices of a Service are read together, in an order of their own', async () => {
  const { told, read } = await filled();
  await told('endpointslices', 'ADDED', slice('local', 'local-0', '10.1.0.0'));
  const names = read()
    .endpoints.get('team-a/local' as ObjectName)
    ?.map(({ name }) => name);
  expect(names).toEqual(['local-0', 'local-1']);
});

test('a Pod behind a plain node port wakes nobody, one of a Local Service its balancer', async () => {
  const plain = await filled();
  expect(await plain.told('endpointslices', 'DELETED', slice('plain', 'plain-1', '10.1.0.1'))).toEqual([]);
  const local = await filled();
  expect(await local.told('endpointslices', 'MODIFIED', slice('local', 'local-1', '10.1.0.7'))).toEqual([
    { keys: ['edge/public'], window: { settle: 2_000, atMost: 5_000 } },
  ]);
});

test('a slice that says the same again wakes nobody', async () => {
  const { told } = await filled();
  expect(await told('endpointslices', 'MODIFIED', slice('local', 'local-1', '10.1.0.2'))).toEqual([]);
});
