import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { Informer, type InformerState } from './informer.ts';
import type { KubeObject } from './kube-object.ts';
import { type Kube, KubeError, type KubeRequest } from './kube-request.ts';

/** An API server as one informer meets it: it says what the test has put into it, and writes down what it was asked. */
class Server {
  readonly asked: string[] = [];
  readonly lists: unknown[] = [];
  readonly watches: PassThrough[] = [];
  /** Of the next watches. */
  readonly refusals: Error[] = [];
  readonly kube: Pick<Kube, 'json' | 'stream'> = {
    json: async (request) => {
      const { limit, continue: page } = request.query ?? {};
      this.asked.push(`list ${String(page ?? '')}${limit === undefined ? 'whole' : ''}`.trim());
      const next = this.lists.length > 1 ? this.lists.shift() : this.lists[0];
      if (next instanceof Error) throw next;
      return next;
    },
    stream: async (request: KubeRequest) => {
      this.asked.push(`watch ${String(request.query?.['resourceVersion'])}`);
      const refused = this.refusals.shift();
      if (refused !== undefined) throw refused;
      const body = new PassThrough();
      this.watches.push(body);
      request.signal.addEventListener('abort', () => body.destroy(new Error('aborted')), { once: true });
      return body;
    },
  };

  send(type: string, object: unknown): void {
    this.watches.at(-1)?.write(`${JSON.stringify({ type, object })}\n`);
  }
}

function route(name: string, resourceVersion: string): KubeObject {
  return { metadata: { name, namespace: 'a', uid: `uid-${name}`, resourceVersion, creationTimestamp: '' } };
}

function list(resourceVersion: string, items: readonly KubeObject[], more?: string): unknown {
  return { metadata: { resourceVersion, ...(more === undefined ? {} : { continue: more }) }, items };
}

const started: Informer<string>[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((informer) => informer.stop()));
});

function informerOf(server: Server) {
  const clock = new ManualClock();
  const changes: string[] = [];
  const states: InformerState['kind'][] = [];
  const informer = new Informer<string>({
    kube: server.kube,
    path: '/apis/octopool.dev/v1alpha1/serviceroutes',
    keep: (object) => object.metadata.resourceVersion,
    onChange: ({ key, before, after }) => changes.push(`${key} ${before ?? '-'} ${after ?? '-'}`),
    onState: ({ kind }) => states.push(kind),
    clock,
  });
  started.push(informer);
  informer.start();
  return { clock, informer, changes, states };
}

/** Streams have their own turns. */
async function settle(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(0);
  }
}

test('pages make one list, and the watch goes on from its version', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')], 'page-2'), list('5', [route('y', '4')]));
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.send('MODIFIED', route('x', '6'));
  server.send('DELETED', route('y', '7'));
  await settle(clock);
  expect(server.asked).toEqual(['list', 'list page-2', 'watch 5']);
  expect(changes).toEqual(['a/x - 3', 'a/y - 4', 'a/x 3 6', 'a/y 4 -']);
  expect(informer.values()).toEqual(['6']);
});

test('a watch that ends goes on from the last bookmark without a list', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.send('BOOKMARK', { metadata: { resourceVersion: '90' } });
  server.watches.at(-1)?.end();
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'watch 90']);
});

test('an API server that has forgotten the version is listed again; what was deleted meanwhile is told', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3'), route('y', '4')]), list('50', [route('y', '4')]));
  const { clock, informer, changes, states } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.send('ERROR', { code: 410, reason: 'Expired', message: 'too old' });
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  expect(states).toEqual(['listed', 'watching', 'expired', 'listed', 'watching']);
  expect(changes).toEqual(['a/x - 3', 'a/y - 4', 'a/x 3 -']);
});

test('a watch in which nothing comes, not even a bookmark, is given up', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = informerOf(server);
  await informer.synced;
  await settle(clock);
  await clock.advance(150_000);
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'watch 5']);
});

test('a list that comes back empty is asked for again before anything is believed gone', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]), list('1', []), list('60', [route('x', '3')]));
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.send('ERROR', { code: 410, reason: 'Expired' });
  await settle(clock);
  await clock.advance(5_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'list', 'list', 'watch 60']);
  expect(changes).toEqual(['a/x - 3']);
});

test('a refused list is tried again, and nothing known is lost', async () => {
  const server = new Server();
  const no = new KubeError({ status: 500, reason: undefined, message: 'no' });
  server.lists.push(no, list('5', [route('x', '3')]));
  const { clock, informer, states } = informerOf(server);
  await settle(clock);
  expect(informer.isSynced).toBe(false);
  await clock.advance(1_000);
  await informer.synced;
  await settle(clock);
  expect(states).toEqual(['failed', 'listed', 'watching']);
});

test('the answer to a write of our own is known at once; its echo is no news', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await settle(clock);
  informer.accept(route('x', '6'));
  server.send('MODIFIED', route('x', '6'));
  await settle(clock);
  expect(changes).toEqual(['a/x - 3', 'a/x 3 6']);
});

test('an empty first list is asked for again too: the cloud may hold what nobody here remembers', async () => {
  const server = new Server();
  server.lists.push(list('1', []), list('60', [route('x', '3')]));
  const { clock, informer, changes } = informerOf(server);
  await settle(clock);
  expect(informer.isSynced).toBe(false);
  await clock.advance(2_000);
  await settle(clock);
  expect({ asked: server.asked, changes, synced: informer.isSynced }).toEqual({
    asked: ['list', 'list', 'watch 60'],
    changes: ['a/x - 3'],
    synced: true,
  });
});

test('a list that is empty twice is believed', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]), list('60', []));
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.send('ERROR', { code: 410, reason: 'Expired' });
  await settle(clock);
  await clock.advance(5_000);
  await settle(clock);
  expect(changes).toEqual(['a/x - 3', 'a/x 3 -']);
  expect(server.asked).toEqual(['list', 'watch 5', 'list', 'list', 'watch 60']);
});

test('an empty list whose second asking fails is not believed', async () => {
  const server = new Server();
  const no = new KubeError({ status: 503, reason: undefined, message: 'no' });
  server.lists.push(list('5', [route('x', '3')]), list('60', []), no, list('70', [route('x', '3')]));
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.send('ERROR', { code: 410, reason: 'Expired' });
  await settle(clock);
  await clock.advance(10_000);
  await settle(clock);
  expect({ changes, last: server.asked.at(-1) }).toEqual({ changes: ['a/x - 3'], last: 'watch 70' });
});

test('pages of a list that was forgotten on the way are asked for in one piece; nothing is told twice', async () => {
  const server = new Server();
  const gone = new KubeError({ status: 410, reason: 'Expired', message: 'the continue token is too old' });
  server.lists.push(list('5', [route('x', '3')], 'page-2'), gone, list('9', [route('x', '3'), route('y', '4')]));
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await settle(clock);
  expect(server.asked).toEqual(['list', 'list page-2', 'list whole', 'watch 9']);
  expect(changes).toEqual(['a/x - 3', 'a/y - 4']);
});

test('a version that no watch gets on from is given up for a list: a restored API server knows only older ones', async () => {
  const server = new Server();
  server.lists.push(list('500', [route('x', '3')]), list('40', [route('x', '3')]));
  const tooLarge = new KubeError({ status: 504, reason: 'Timeout', message: 'Too large resource version' });
  server.refusals.push(tooLarge, tooLarge, tooLarge);
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await clock.advance(60_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 500', 'watch 500', 'watch 500', 'list', 'watch 40']);
  expect(changes).toEqual(['a/x - 3']);
});

test('a server that wants to be left alone for a while is', async () => {
  const server = new Server();
  const busy = new KubeError({ status: 429, reason: 'TooManyRequests', message: 'busy', retryAfterMs: 20_000 });
  server.lists.push(busy, list('5', [route('x', '3')]));
  const { clock, informer } = informerOf(server);
  await settle(clock);
  await clock.advance(19_000);
  await settle(clock);
  expect({ asked: server.asked, synced: informer.isSynced }).toEqual({ asked: ['list'], synced: false });
  await clock.advance(2_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'list', 'watch 5']);
});

test('watches that end as soon as they begin are asked for less and less often', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = informerOf(server);
  await informer.synced;
  for (let second = 0; second < 60; second++) {
    await settle(clock);
    server.watches.at(-1)?.end();
    await settle(clock);
    await clock.advance(1_000);
  }
  expect(server.asked.length).toBeLessThan(12);
});

test('a watch that brought something before it was cut is asked for again at once, however often that happens', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = informerOf(server);
  await informer.synced;
  for (let version = 10; version < 30; version++) {
    await settle(clock);
    server.send('MODIFIED', route('x', String(version)));
    await settle(clock);
    server.watches.at(-1)?.destroy(new Error('other side closed'));
    await settle(clock);
    await clock.advance(1_000);
  }
  await settle(clock);
  expect(server.asked.length).toBe(1 + 1 + 20);
  expect(informer.values()).toEqual(['29']);
});

test.each([0, 1, 40, 100])('a watch cut after %i bytes of an event goes on from the event before', async (bytes) => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer, changes } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.send('MODIFIED', route('x', '6'));
  server.watches.at(-1)?.write(JSON.stringify({ type: 'MODIFIED', object: route('x', '7') }).slice(0, bytes));
  await settle(clock);
  server.watches.at(-1)?.destroy(new Error('other side closed'));
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  server.send('MODIFIED', route('x', '7'));
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'watch 6']);
  expect(changes).toEqual(['a/x - 3', 'a/x 3 6', 'a/x 6 7']);
});

test('a watch whose body is closed without a word is an ended one', async () => {
  const server = new Server();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = informerOf(server);
  await informer.synced;
  await settle(clock);
  server.watches.at(-1)?.destroy();
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'watch 5']);
});
