import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exchange, responseOf } from '../../test/support/raw-http.ts';
import { notFound, notFoundText } from './not-found.ts';

const server = createServer((request, response) => notFound(() => true)(request, response, 'read'));

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function asked(first: string, accept?: string) {
  const lines = [
    first,
    'Host: shop.example.com',
    'X-Secret: apple',
    ...(accept === undefined ? [] : [`Accept: ${accept}`]),
  ];
  return responseOf(await exchange((server.address() as AddressInfo).port, `${lines.join('\r\n')}\r\n\r\n`));
}

const plain = {
  status: 'HTTP/1.1 404 Not Found',
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '32',
    'cache-control': 'no-store',
    connection: 'close',
  },
  body: 'no route for this host and path\n',
};
const json = {
  ...plain,
  headers: { ...plain.headers, 'content-type': 'application/json', 'content-length': '59' },
  body: '{"status":404,"message":"no route for this host and path"}\n',
};

test('whatever is asked, the answer is the same 404 and tells nothing of the request', async () => {
  for (const first of [
    'GET / HTTP/1.1',
    'GET /apple?pear=1 HTTP/1.1',
    'DELETE /healthz HTTP/1.1',
    'OPTIONS * HTTP/1.1',
  ])
    expect(await asked(first)).toEqual(plain);
});

test('HEAD gets the same head without the text', async () => {
  expect(await asked('HEAD / HTTP/1.1')).toEqual({ ...plain, body: '' });
});

test.each([
  ['application/json', json],
  ['Application/JSON; charset=utf-8', json],
  ['application/json, text/plain, */*', json],
  ['text/plain;q=0.5, application/json;q=0.9', json],
  ['text/plain, application/json;q=0.9', plain],
  ['application/json;q=0', plain],
  ['application/json;q=much', plain],
  ['*/*', plain],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', plain],
  ['', plain],
])('Accept: %s', async (accept, expected) => {
  expect(await asked('GET / HTTP/1.1', accept)).toEqual(expected);
});

test('as a text it is the same response', () => {
  expect(responseOf(notFoundText())).toEqual(plain);
});
