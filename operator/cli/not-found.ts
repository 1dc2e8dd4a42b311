import type { OutgoingHttpHeaders } from 'node:http';
import type { Answer } from './bounded-server.ts';

const message = 'no route for this host and path';

/** Answers 404 whatever was asked, and tells nothing of the request back. `last`: whether a connection ends with its answer. */
export function notFound(last: () => boolean): Answer {
  return (request, response, body) => {
    const { headers, text } = notFoundAs(request.headers.accept ?? '');
    const closing: OutgoingHttpHeaders = body === 'unread' || last() ? { connection: 'close' } : {};
    response.writeHead(404, { ...headers, ...closing }).end(text); // Node leaves the text out for HEAD
  };
}

/** The same as a whole response, for a connection on which no other will follow. */
export function notFoundText(): string {
  const { headers, text } = notFoundAs('');
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 404 Not Found\r\n${lines.join('')}\r\n${text}`;
}

function notFoundAs(accept: string) {
  const json = wantsJson(accept);
  const text = json ? `${JSON.stringify({ status: 404, message })}\n` : `${message}\n`;
  const headers = {
    'content-type': json ? 'application/json' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store', // a route for it may come at any moment, and a 404 may else be kept
  };
  return { headers, text };
}

/** Whether JSON is named, and liked no less than plain text. A browser, and whoever takes anything, gets the text. */
function wantsJson(accept: string): boolean {
  const liked = new Map(accept.split(',').map(preference));
  const json = liked.get('application/json') ?? 0;
  const text = liked.get('text/plain') ?? liked.get('text/*') ?? 0;
  return json > 0 && json >= text;
}

/** A media range and its weight; RFC 9110, 12.5.1. */
function preference(range: string): readonly [string, number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
  return [type, Number.isNaN(weight) ? 0 : weight];
}
