import { afterEach, expect, test } from '@jest/globals';
import { informerOf, list, route, ScriptedApiserver, settle } from '../../test/support/scripted-apiserver.ts';
import { KubeError } from './kube-request.ts';

const started: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((informer) => informer.stop()));
});

function start(server: ScriptedApiserver) {
  const running = informerOf(server);
  started.push(running.informer);
  return running;
}

test('an empty first list is asked for again too: the cloud may hold what nobody here remembers', async () => {
  const server = new ScriptedApiserver();
  server.lists.push(list('1', []), list('60', [route('x', '3')]));
  const { clock, informer, changes } = start(server);
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
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]), list('60', []));
  const { clock, informer, changes } = start(server);
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
  const server = new ScriptedApiserver();
  const no = new KubeError({ status: 503, reason: undefined, message: 'no' });
  server.lists.push(list('5', [route('x', '3')]), list('60', []), no, list('70', [route('x', '3')]));
  const { clock, informer, changes } = start(server);
  await informer.synced;
  await settle(clock);
  server.send('ERROR', { code: 410, reason: 'Expired' });
  await settle(clock);
  await clock.advance(10_000);
  await settle(clock);
  expect({ changes, last: server.asked.at(-1) }).toEqual({ changes: ['a/x - 3'], last: 'watch 70' });
});

test('pages of a list that was forgotten on the way are asked for in one piece; nothing is told twice', async () => {
  const server = new ScriptedApiserver();
  const gone = new KubeError({ status: 410, reason: 'Expired', message: 'the continue token is too old' });
  server.lists.push(list('5', [route('x', '3')], 'page-2'), gone, list('9', [route('x', '3'), route('y', '4')]));
  const { clock, informer, changes } = start(server);
  await informer.synced;
  await settle(clock);
  expect(server.asked).toEqual(['list', 'list page-2', 'list whole', 'watch 9']);
  expect(changes).toEqual(['a/x - 3', 'a/y - 4']);
});

test('a version that no watch gets on from is given up for a list: a restored API server knows only older ones', async () => {
  const server = new ScriptedApiserver();
  server.lists.push(list('500', [route('x', '3')]), list('40', [route('x', '3')]));
  const tooLarge = new KubeError({ status: 504, reason: 'Timeout', message: 'Too large resource version' });
  server.refusals.push(tooLarge, tooLarge, tooLarge);
  const { clock, informer, changes } = start(server);
  await informer.synced;
  await clock.advance(60_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 500', 'watch 500', 'watch 500', 'list', 'watch 40']);
  expect(changes).toEqual(['a/x - 3']);
});

test('a server that wants to be left alone for a while is', async () => {
  const server = new ScriptedApiserver();
  const busy = new KubeError({ status: 429, reason: 'TooManyRequests', message: 'busy', retryAfterMs: 20_000 });
  server.lists.push(busy, list('5', [route('x', '3')]));
  const { clock, informer } = start(server);
  await settle(clock);
  await clock.advance(19_000);
  await settle(clock);
  expect({ asked: server.asked, synced: informer.isSynced }).toEqual({ asked: ['list'], synced: false });
  await clock.advance(2_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'list', 'watch 5']);
});

test('watches that end as soon as they begin are asked for less and less often', async () => {
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = start(server);
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
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = start(server);
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
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer, changes } = start(server);
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
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = start(server);
  await informer.synced;
  await settle(clock);
  server.watches.at(-1)?.destroy();
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'watch 5']);
});
