import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Calls `task` once after so many milliseconds; the answer calls it off. */
export type After = (ms: number, task: () => void) => () => void;

/** `unread`: its body was not taken, so this connection can carry no other request. */
export type Answer = (request: IncomingMessage, response: ServerResponse, body: 'read' | 'unread') => void;

export interface BoundedServerOptions {
  readonly host: string;
  /** 0: any free one; `port` of the answer tells which. */
  readonly port: number;
  readonly answer: Answer;
  /** What is written to somebody who wants a tunnel, a whole response; the connection then ends. */
  readonly toConnect: string;
  /** How long a request may take to arrive; 10 s unless said. */
  readonly patienceMs?: number;
}

export interface BoundedServer {
  readonly port: number;
  /** Takes no more connections, ends idle ones, lets requests that have begun end for `ms` at most. */
  finish(ms: number, after: After): Promise<void>;
}

const limits = {
  maxHeaderSize: 32 * 1024, // HAProxy, as Octavia sets it up, lets through half of it
  keepAliveTimeout: 65_000, // longer than Octavia's 50 s: who sends requests shall be first to close
  connectionsCheckingInterval: 500,
  requireHostHeader: false,
} as const;
const requestsPerConnection = 10_000;
const connections = 4_000;
const longestBody = 1024 * 1024;

/** An HTTP server that no request can hold up: slow ones are closed (408), oversized heads too (431). Rejects when the port is taken. */
export async function startBoundedServer(options: BoundedServerOptions): Promise<BoundedServer> {
  const { host, port, answer, toConnect, patienceMs = 10_000 } = options;
  const server = createServer({ ...limits, headersTimeout: patienceMs, requestTimeout: patienceMs });
  server.maxRequestsPerSocket = requestsPerConnection;
  server.maxConnections = connections;
  server.on('request', (request, response) => afterBody(request, (body) => answer(request, response, body)));
  // who asks before sending a body need not send it; without these two Node answers by itself
  server.on('checkContinue', (request, response) => answer(request, response, 'unread'));
  server.on('checkExpectation', (request, response) => answer(request, response, 'unread'));
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy()).end(toConnect, () => socket.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening'); // rejects with the server's error
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    finish: (ms, after) => finish(server, ms, after),
  };
}

/** A body is thrown away up to this length: closing a connection on bytes that nobody read can cost the client its answer. */
function afterBody(request: IncomingMessage, act: (body: 'read' | 'unread') => void): void {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) return act('unread');
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= longestBody) return;
    request.off('data', count).off('end', end).pause();
    act('unread');
  };
  const end = (): void => act('read');
  request.on('data', count).once('end', end);
}

async function finish(server: Server, ms: number, after: After): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // a closed server no longer looks for slow requests itself
  const callOff = after(ms, () => server.closeAllConnections());
  await closed;
  callOff();
}
