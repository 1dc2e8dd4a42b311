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

test('pages make one list, and the watch goes on from its version', async () => {
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')], 'page-2'), list('5', [route('y', '4')]));
  const { clock, informer, changes } = start(server);
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
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = start(server);
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
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3'), route('y', '4')]), list('50', [route('y', '4')]));
  const { clock, informer, changes, states } = start(server);
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
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer } = start(server);
  await informer.synced;
  await settle(clock);
  await clock.advance(150_000);
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'watch 5']);
});

test('a list that comes back empty is asked for again before anything is believed gone', async () => {
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]), list('1', []), list('60', [route('x', '3')]));
  const { clock, informer, changes } = start(server);
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
  const server = new ScriptedApiserver();
  const no = new KubeError({ status: 500, reason: undefined, message: 'no' });
  server.lists.push(no, list('5', [route('x', '3')]));
  const { clock, informer, states } = start(server);
  await settle(clock);
  expect(informer.isSynced).toBe(false);
  await clock.advance(1_000);
  await settle(clock);
  expect(states).toEqual(['failed', 'listed', 'watching']);
});

test('the answer to a write of our own is known at once; its echo is no news', async () => {
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]));
  const { clock, informer, changes } = start(server);
  await informer.synced;
  await settle(clock);
  informer.accept(route('x', '6'));
  server.send('MODIFIED', route('x', '6'));
  await settle(clock);
  expect(changes).toEqual(['a/x - 3', 'a/x 3 6']);
});

test('who wants a fresh list gets one, with what a watch that had died kept quiet about', async () => {
  const server = new ScriptedApiserver();
  server.lists.push(list('5', [route('x', '3')]), list('50', [route('x', '3'), route('y', '40')]));
  const { clock, informer, states } = start(server);
  await informer.synced;
  await settle(clock);
  await informer.refreshed(); // the first list is fresh enough
  await clock.advance(10_000);
  const refreshed = informer.refreshed();
  server.send('MODIFIED', route('x', '6'));
  await settle(clock);
  await refreshed;
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'list', 'watch 50']);
  expect(informer.values()).toEqual(['3', '40']);
  expect(states).toEqual(['listed', 'watching', 'listed', 'watching']);
});

test('a fresh list that is refused is asked for again later, not at once', async () => {
  const server = new ScriptedApiserver();
  const no = new KubeError({ status: 500, reason: undefined, message: 'no' });
  server.lists.push(list('5', [route('x', '3')]), no, no, list('50', [route('x', '3')]));
  const { clock, informer } = start(server);
  await informer.synced;
  await settle(clock);
  await clock.advance(10_000);
  const refreshed = informer.refreshed();
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'list']);
  await clock.advance(1_000);
  await settle(clock);
  await clock.advance(1_000);
  await settle(clock);
  await refreshed;
  await settle(clock);
  expect(server.asked).toEqual(['list', 'watch 5', 'list', 'list', 'list', 'watch 50']);
});
