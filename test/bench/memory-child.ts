import { PassThrough } from 'node:stream';
import type { BalancerName, Uid } from '../../operator/core/model/brand.ts';
import { Caches } from '../../operator/kube/caches.ts';
import { systemClock } from '../../operator/kube/clock.ts';
import type { KubeObject } from '../../operator/kube/kube-object.ts';
import type { Kube } from '../../operator/kube/kube-request.ts';
import { KubernetesCluster } from '../../operator/kube/kubernetes-cluster.ts';
import { node } from '../chaos/support/small-world.ts';
import { nothingSeen, programmed } from '../support/core-fixtures.ts';
import type { Manifest } from '../support/manifests.ts';
import { decision, plan, settledCluster } from './planner-world.ts';
import { ground, routeName, routeOf, type Shape } from './shapes.ts';

/** Run by memory.ts: fills the operator's caches with a shape, decides on each balancer, and prints its resident bytes. */

const [routes = 0, balancers = 0] = process.argv.slice(2).map(Number);
const shape: Shape = { routes, balancers };
const usualStatus = await statusText();
const objects = ground(shape);
let made = 0;

const kube: Pick<Kube, 'json' | 'stream'> = {
  json: async ({ path, query }) => page(path.slice(path.lastIndexOf('/') + 1), Number(query?.['continue'] ?? 0)),
  // a watch that tells nothing new
  stream: async ({ signal }) => {
    const body = new PassThrough();
    signal.addEventListener('abort', () => body.destroy(new Error('aborted')), { once: true });
    return body;
  },
};

const caches = new Caches({
  placeOf: () => ({ kind: 'none' }),
  defaultBalancer: undefined,
  kube,
  clock: systemClock,
  onWake: () => {},
  onState: () => {},
});
await caches.start();
const cluster = new KubernetesCluster({
  uid: 'cluster' as Uid,
  caches,
  kube: { json: () => Promise.reject(new Error('nothing is written here')) },
  clock: systemClock,
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  identity: 'bench',
});
for (const name of caches.balancers.keys() as readonly BalancerName[]) decideOn(name);
if (caches.routes.keys().length !== routes) throw new Error('some routes are missing');
globalThis.gc?.();
console.log(process.memoryUsage.rss());
await caches.stop();

function decideOn(name: BalancerName): void {
  const snapshot = cluster.read(name);
  const seen = programmed(decision({ snapshot, seen: nothingSeen }).wanted);
  if (plan({ snapshot, seen }).operations.length > 0) throw new Error(`${name} is not settled`);
}

/** Made when asked for, as they come over a wire: only what the caches keep stays. */
function page(plural: string, from: number) {
  const size = 500;
  const count = plural === 'serviceroutes' || plural === 'services' || plural === 'endpointslices' ? routes : 0;
  const numbers = Array.from({ length: Math.min(size, count - from) }, (_, at) => from + at + 1);
  const items = count === 0 ? fixed(plural) : numbers.map((number) => numbered(plural, number));
  const more = from + size < count ? { continue: String(from + size) } : {};
  return { metadata: { resourceVersion: '1', ...more }, items: items.map(asServed) };
}

function fixed(plural: string): readonly Manifest[] {
  if (plural === 'nodes') return [1, 2, 3].map((at) => node(`node-${at}`, `10.10.0.${at}`));
  const kind = plural === 'namespaces' ? 'Namespace' : 'SharedBalancer';
  return objects.filter((object) => object['kind'] === kind);
}

function numbered(plural: string, number: number): Manifest {
  const [service = {}, route = {}] = routeOf(number, shape, 'L7');
  if (plural === 'services') return service;
  if (plural === 'endpointslices') return slice(service);
  const status: unknown = JSON.parse(usualStatus.replaceAll(`${routeName(1)}.`, `${routeName(number)}.`));
  return { ...route, status };
}

/** Two Pods. */
function slice({ metadata }: Manifest): Manifest {
  const { name, namespace } = metadata as KubeObject['metadata'];
  const endpoint = (at: number) => ({
    addresses: [`10.244.${at}.7`],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: `node-${at}`,
    targetRef: { kind: 'Pod', name: `${name}-pod-${at}`, namespace },
  });
  return {
    metadata: { name: `${name}-slice`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [endpoint(1), endpoint(2)],
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
  };
}

function asServed(object: Manifest): unknown {
  made += 1;
  const metadata = {
    ...(object['metadata'] as object),
    uid: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-31T12:00:00Z',
  };
  return JSON.parse(JSON.stringify({ ...object, metadata }));
}

/** What the operator writes to a route that is in effect. */
async function statusText(): Promise<string> {
  const one = await settledCluster({ routes: 1, balancers: 1 }, 'L7', 3);
  return JSON.stringify(one.cluster.get('ServiceRoute', 'team-1', routeName(1))?.['status']);
}
