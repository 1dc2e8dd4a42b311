import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as send } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { type Asked, askedBy, type Fault, Faults, type Injected, type Injection } from './proxy-faults.ts';

/** Stands in front of a real API server, shows its certificate, and does to requests what a test injects. */
export interface ApiserverProxy {
  /** `https://127.0.0.1:<port>`, the same for its whole life. */
  readonly url: string;
  /** Every request that came, in order, those with a fault too. */
  readonly asked: readonly Asked[];
  inject(injection: Injection): Injected;
  /** Ends all faults, and lets connections in again. */
  heal(): Promise<void>;
  /** Breaks every watch of the kind that is open (of all kinds unless said), in the middle of whatever it says. Answers how many. */
  cutWatches(plural?: string): number;
  openWatches(plural: string): number;
  /** Connections are broken, and refused until back(). */
  away(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

interface OpenWatch {
  readonly asked: Asked;
  readonly response: ServerResponse;
}

export async function apiserverProxy(controlPlane: Pick<ControlPlane, 'url' | 'keys'>): Promise<ApiserverProxy> {
  const [cert, key, ca] = await Promise.all(
    ['apiserver.crt', 'apiserver.key', 'ca.crt'].map((file) => readFile(join(controlPlane.keys, file))),
  );
  const upstream: Upstream = { url: controlPlane.url, agent: new Agent({ keepAlive: true, ca }) };
  const faults = new Faults();
  const asked: Asked[] = [];
  const watches = new Set<OpenWatch>();
  const sockets = new Set<Socket>();
  const server = createServer({ cert, key }, (request, response) => {
    const one = askedBy(request.method ?? 'GET', request.url ?? '/', request.headers.authorization);
    asked.push(one);
    if (one.verb === 'watch') {
      const watch = { asked: one, response };
      watches.add(watch);
      response.once('close', () => watches.delete(watch));
    }
    void answer({ request, response, fault: faults.take(one), upstream }).catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(on, '127.0.0.1', () => resolve());
    });
  const away = async () => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ofKind = (plural: string | undefined) =>
    [...watches].filter((watch) => plural === undefined || watch.asked.plural === plural);
  return {
    url: `https://127.0.0.1:${port}`,
    asked,
    inject: (injection) => faults.add(injection),
    heal: async () => {
      faults.clear();
      if (!server.listening) await listen(port);
    },
    cutWatches: (plural) => {
      const cut = ofKind(plural);
      for (const { response } of cut) response.destroy();
      return cut.length;
    },
    openWatches: (plural) => ofKind(plural).length,
    away,
    back: () => listen(port),
    close: async () => {
      if (server.listening) await away();
      upstream.agent.destroy();
    },
  };
}

interface Upstream {
  readonly url: string;
  readonly agent: Agent;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: Fault | undefined;
  readonly upstream: Upstream;
}

async function answer(exchange: Exchange): Promise<void> {
  const { response, fault } = exchange;
  if (fault === undefined) return passOn(exchange, Infinity);
  switch (fault.kind) {
    case 'refuse':
      return refuse(response, fault);
    case 'slow':
      await pause(fault.ms);
      return passOn(exchange, Infinity);
    case 'cut':
      return passOn(exchange, fault.bytes);
    case 'empty':
      return passOnEmpty(exchange);
    case 'silent':
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      return;
    case 'expire': {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    }
  }
}

function refuse(response: ServerResponse, { status, reason, retryAfter }: Extract<Fault, { kind: 'refuse' }>): void {
  const wish = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: status,
    reason,
    message: 'refused by a test',
  };
  response.writeHead(status, { 'content-type': 'application/json', ...wish }).end(JSON.stringify(body));
}

/** The answer as it is, up to a byte of its body; there the connection breaks. */
async function passOn(exchange: Exchange, most: number): Promise<void> {
  const { response } = exchange;
  const from = await ask(exchange);
  response.writeHead(from.statusCode ?? 502, from.headers).flushHeaders();
  let left = most;
  for await (const chunk of from) {
    const bytes = (chunk as Buffer).subarray(0, left);
    left -= bytes.length;
    response.write(bytes);
    if (left > 0) continue;
    // what was written is on its way before the connection goes
    response.socket?.end();
    from.destroy();
    return;
  }
  response.end();
}

async function passOnEmpty(exchange: Exchange): Promise<void> {
  const from = await ask(exchange);
  const chunks: Buffer[] = [];
  for await (const chunk of from) chunks.push(chunk as Buffer);
  const list = JSON.parse(Buffer.concat(chunks).toString()) as { metadata: Record<string, unknown> };
  const { continue: _more, remainingItemCount: _count, ...metadata } = list.metadata;
  exchange.response.writeHead(200, { 'content-type': 'application/json' });
  exchange.response.end(JSON.stringify({ ...list, metadata, items: [] }));
}

function ask({ request, response, upstream }: Exchange): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { host: _ours, ...headers } = request.headers;
  // identity, so that bytes can be counted and lists be read
  const call = send(
    new URL(request.url ?? '/', upstream.url),
    { method: request.method, agent: upstream.agent, headers: { ...headers, 'accept-encoding': 'identity' } },
    resolve,
  );
  call.once('error', reject);
  response.once('close', () => call.destroy());
  request.pipe(call);
  return promise;
}
