import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane } from '../kubernetes/control-plane.ts';
import type { ControlPlane } from '../kubernetes/control-plane-handle.ts';
import { waitFor } from '../kubernetes/wait.ts';
import { installOctopool } from '../support/install.ts';
import { list, namespace } from '../support/manifests.ts';
import { apiserverProxy, type ApiserverProxy } from './support/apiserver-proxy.ts';
import { kubeconfigThrough } from './support/kubeconfig-through.ts';
import { listOf, watchOf } from './support/proxy-faults.ts';
import {
  changeRoute,
  createRoute,
  deleteRoute,
  historyOf,
  watchRoutes,
  type WatchedRoutes,
} from './support/watched-routes.ts';

/** The operator's informer on a real kube-apiserver, behind a proxy that breaks the protocol. */

let cluster: ControlPlane;
let proxy: ApiserverProxy;
let kubeconfig: string;
let watched: WatchedRoutes | undefined;
const names = ['a', 'b', 'c', 'd', 'e'];
const routes = 'serviceroutes';

beforeAll(async () => {
  cluster = await startControlPlane({ progress: (line) => process.stderr.write(`${line}\n`) });
  const own = await installOctopool(cluster);
  await cluster.kubectl(['apply', '-f', '-'], list([namespace('team-a')]));
  for (const name of names) await createRoute(cluster, name);
  proxy = await apiserverProxy(cluster);
  ({ path: kubeconfig } = await kubeconfigThrough({
    proxy,
    controlPlane: cluster,
    kubeconfig: own,
    folder: 'informer',
  }));
}, 3_600_000);

afterEach(async () => {
  await watched?.stop();
  watched = undefined;
  await proxy.heal();
});

afterAll(async () => {
  await proxy?.close();
  await cluster?.stop();
}, 90_000);

/** Starts it, and waits until it has caught up and watches. */
async function startWatching(pageSize = 500): Promise<WatchedRoutes> {
  watched = watchRoutes({ kubeconfig, controlPlane: cluster, pageSize });
  await watched.caughtUp();
  await waitFor('it watches', 30, async () => (proxy.openWatches(routes) > 0 ? true : undefined));
  return watched;
}

/** It catches up, and what it told on the way is the history of that. */
async function nothingLost({ told, caughtUp }: WatchedRoutes): Promise<void> {
  const truth = await caughtUp();
  expect(historyOf(told)).toEqual(truth);
}

/** What it asked about routes since then: `list`, `list ...` for a further page, `watch`. */
function askedSince(position: number): readonly string[] {
  return proxy.asked
    .slice(position)
    .filter(({ plural }) => plural === routes)
    .map(({ verb, query }) =>
      query.has('continue') ? `${verb} ...` : query.has('limit') || verb !== 'list' ? verb : `${verb} whole`,
    );
}

let labels = 0;
async function changeAll(): Promise<void> {
  labels += 1;
  for (const name of names) await changeRoute(cluster, name, `v${labels}`);
}

test('watches that are cut at any byte lose nothing, and nothing is told twice', async () => {
  const one = await startWatching();
  for (let bytes = 0; bytes < 6_000; bytes += 317)
    proxy.inject({ on: watchOf(routes), fault: { kind: 'cut', bytes }, times: 1 });
  proxy.cutWatches(routes);
  for (let round = 0; round < 6; round++) await changeAll();
  await deleteRoute(cluster, 'e');
  await createRoute(cluster, 'e');
  await nothingLost(one);
}, 120_000);

test('a watch that says nothing, not even bookmarks, is given up and goes on from where it was', async () => {
  const silent = proxy.inject({ on: watchOf(routes), fault: { kind: 'silent' }, times: 1 });
  const position = proxy.asked.length;
  const one = await startWatching();
  await waitFor('the watch is silent', 30, async () => (silent.hits > 0 ? true : undefined));
  await changeAll();
  await nothingLost(one);
  expect(askedSince(position).slice(0, 3)).toEqual(['list', 'watch', 'watch']);
}, 90_000);

test.each([
  ['refuses the watch with 410', { kind: 'refuse', status: 410, reason: 'Expired' }],
  ['says 410 in the watch', { kind: 'expire' }],
] as const)(
  'an API server that %s is listed again: what came and went is told, what stayed is not',
  async (_, fault) => {
    await createRoute(cluster, `old-${fault.kind}`);
    const one = await startWatching();
    const before = one.told.length;
    const position = proxy.asked.length;
    await proxy.away();
    await deleteRoute(cluster, `old-${fault.kind}`);
    await changeRoute(cluster, 'b', fault.kind);
    await createRoute(cluster, `new-${fault.kind}`);
    proxy.inject({ on: watchOf(routes), fault, times: 1 });
    await proxy.back();
    await nothingLost(one);
    const keys = one.told.slice(before).map(({ key }) => key.replace(`-${fault.kind}`, ''));
    expect(keys.toSorted()).toEqual(['team-a/b', 'team-a/new', 'team-a/old']);
    await waitFor('it watches again', 30, async () => (askedSince(position).length >= 3 ? true : undefined));
    expect(askedSince(position)).toEqual(['watch', 'list', 'watch']);
    await deleteRoute(cluster, `new-${fault.kind}`);
  },
  90_000,
);

test('a list whose later page is refused with 410 is asked for in one piece', async () => {
  const position = proxy.asked.length;
  proxy.inject({
    on: (asked) => listOf(routes)(asked) && asked.query.has('continue'),
    fault: { kind: 'refuse', status: 410, reason: 'Expired' },
    times: 1,
  });
  const one = await startWatching(2);
  await nothingLost(one);
  expect(one.told.length).toBe(names.length);
  expect(askedSince(position)).toEqual(['list', 'list ...', 'list whole', 'watch']);
}, 90_000);

test.each([429, 500, 503])(
  'lists and watches that are refused with %i come through later',
  async (status) => {
    const refused = { kind: 'refuse', status, retryAfter: 0 } as const;
    const lists = proxy.inject({ on: listOf(routes), fault: refused, times: 2 });
    const watches = proxy.inject({ on: watchOf(routes), fault: refused, times: 2 });
    const one = await startWatching();
    await changeAll();
    await nothingLost(one);
    expect([lists.hits, watches.hits]).toEqual([2, 2]);
  },
  60_000,
);

test('an API server that takes seconds for every answer is waited for', async () => {
  proxy.inject({ on: () => true, fault: { kind: 'slow', ms: 2_500 } });
  const one = await startWatching();
  await changeAll();
  await nothingLost(one);
}, 90_000);

test('connections that are refused for a while leave what is known readable, and nothing is lost', async () => {
  const one = await startWatching();
  const known = one.informer.values();
  await proxy.away();
  await changeAll();
  expect([one.informer.isSynced, one.informer.values()]).toEqual([true, known]);
  await proxy.back();
  await nothingLost(one);
}, 90_000);

/** Has it list again, and answers so many of its lists with nothing in them. */
function listedEmpty(times: number): Promise<true> {
  const empty = proxy.inject({ on: listOf(routes), fault: { kind: 'empty' }, times });
  proxy.inject({ on: watchOf(routes), fault: { kind: 'expire' }, times: 1 });
  proxy.cutWatches(routes);
  return waitFor('the lists were answered', 30, async () =>
    empty.hits === times && proxy.openWatches(routes) > 0 ? true : undefined,
  );
}

test('an empty list is doubted; said twice, it is believed', async () => {
  const one = await startWatching();
  const before = one.told.length;
  await listedEmpty(1);
  await one.caughtUp();
  expect(one.told.slice(before)).toEqual([]);
  await listedEmpty(2);
  await waitFor('it is believed', 30, async () => (one.informer.keys().length === 0 ? true : undefined));
  expect(historyOf(one.told)).toEqual({});
}, 90_000);
