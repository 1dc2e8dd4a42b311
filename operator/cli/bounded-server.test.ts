import { afterEach, expect, test } from '@jest/globals';
import { exchange, keptConnection, responseOf } from '../../test/support/raw-http.ts';
import { type Answer, type BoundedServer, type BoundedServerOptions, startBoundedServer } from './bounded-server.ts';

const closing: Answer = (_request, response, body) =>
  response.writeHead(200, { 'content-length': body.length, connection: 'close' }).end(body);
const keeping: Answer = (_request, response, body) =>
  response.writeHead(200, { 'content-length': body.length }).end(body);
const neverCalled = () => () => undefined;
const atOnce = (_ms: number, task: () => void) => {
  setImmediate(task);
  return () => undefined;
};
const running: BoundedServer[] = [];

async function start(of: Partial<BoundedServerOptions> = {}): Promise<BoundedServer> {
  const toConnect = 'HTTP/1.1 404 Not Found\r\n\r\nno tunnel';
  const server = await startBoundedServer({ host: '127.0.0.1', port: 0, answer: closing, toConnect, ...of });
  running.push(server);
  return server;
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.finish(0, atOnce);
});

const statusOf = (said: string) => responseOf(said).status;
const post = (headers: string, body: string) => `POST / HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`;

test('a small body is taken in before the answer', async () => {
  const { port } = await start();
  expect(responseOf(await exchange(port, post('Content-Length: 3', 'abc'))).body).toBe('read');
  expect(responseOf(await exchange(port, post('Transfer-Encoding: chunked', '3\r\nabc\r\n0\r\n\r\n'))).body).toBe(
    'read',
  );
});

test.each([
  ['one that is announced', post('Content-Length: 1048577', '')],
  ['one that grows', post('Transfer-Encoding: chunked', `100001\r\n${'a'.repeat(0x10_0001)}`)],
  ['one that waits for permission', post('Content-Length: 3\r\nExpect: 100-continue', '')],
  ['one with an expectation that nobody knows', post('Content-Length: 3\r\nExpect: rain', '')],
])('a body that is too long or not sent yet is left: %s', async (_what, said) => {
  const { port } = await start();
  expect(responseOf(await exchange(port, said)).body).toBe('unread');
});

test.each([
  ['says nothing', '', 'HTTP/1.1 408 Request Timeout'],
  ['sends half a head', 'GET / HTTP/1.1\r\nHost: a\r\n', 'HTTP/1.1 408 Request Timeout'],
  ['sends half a body', post('Content-Length: 10', 'abc'), 'HTTP/1.1 408 Request Timeout'],
  [
    'sends a head without end',
    `GET / HTTP/1.1\r\nA: ${'a'.repeat(40_000)}`,
    'HTTP/1.1 431 Request Header Fields Too Large',
  ],
  ['speaks another protocol', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
])('a client that %s is told so and closed', async (_what, said, status) => {
  const { port } = await start({ patienceMs: 200 });
  expect(statusOf(await exchange(port, said))).toBe(status);
});

test('a request without Host, with an unknown method or for another protocol is answered like any other', async () => {
  const { port } = await start();
  const requests = [
    'GET / HTTP/1.1\r\n\r\n',
    'PURGE / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ];
  for (const request of requests) expect(statusOf(await exchange(port, request))).toBe('HTTP/1.1 200 OK');
});

test('who wants a tunnel gets the text for it, and no tunnel', async () => {
  const { port } = await start();
  expect(await exchange(port, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n')).toBe(
    'HTTP/1.1 404 Not Found\r\n\r\nno tunnel',
  );
});

test('a connection carries one request after the other until the server finishes; then it is ended and no other is taken', async () => {
  const server = await start({ answer: keeping });
  const kept = await keptConnection(server.port);
  for (const _ of [1, 2]) expect(statusOf(await kept.ask('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))).toBe('HTTP/1.1 200 OK');
  await server.finish(1, neverCalled);
  await kept.ended();
  await expect(exchange(server.port, '')).rejects.toThrow('ECONNREFUSED');
});

test('a request that has begun ends while the server finishes', async () => {
  const server = await start({ patienceMs: 60_000 });
  const kept = await keptConnection(server.port);
  const answer = kept.ask(post('Content-Length: 6', 'abc'));
  await exchange(server.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'); // by then the server has read the beginning of the other
  const finished = server.finish(1, neverCalled);
  kept.send('def');
  expect(responseOf(await answer).body).toBe('read');
  await finished;
});

test('a client that does not end its request is cut off when the time to finish is over', async () => {
  const server = await start({ patienceMs: 60_000 });
  const kept = await keptConnection(server.port);
  kept.send('GET / HTTP/1.1\r\n');
  let over: (() => void) | undefined;
  const finished = server.finish(7, (ms, task) => {
    expect(ms).toBe(7);
    over = task;
    return () => undefined;
  });
  over?.();
  await Promise.all([finished, kept.ended()]);
});

test('a port that is taken is an error', async () => {
  const { port } = await start();
  await expect(start({ port })).rejects.toThrow('EADDRINUSE');
});
