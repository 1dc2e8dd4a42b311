import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Calls } from './calls.ts';
import { isWrite } from './calls.ts';
import type { Faults } from './faults.ts';
import type { Answer, Request, ServiceName } from './http.ts';
import type { Ids } from './ids.ts';
import type { Serve } from './services.ts';

/** A write as it goes by. Whoever is told may keep it waiting; `after`: it has happened and its answer is about to leave. */
export interface PassingWrite {
  /** From 1, counted over all services. */
  readonly number: number;
  readonly moment: 'before' | 'after';
  readonly request: Request;
}
export type WriteWatcher = (write: PassingWrite) => void | Promise<void>;

export interface Front {
  readonly serve: Serve;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly requestIds: Ids;
  /** Answers `POST /__control`. */
  readonly control: (body: unknown) => unknown;
  watcher: WriteWatcher | undefined;
}

/** Where each service answers: `http://127.0.0.1:1234`. */
export type Roots = Readonly<Record<ServiceName, string>>;

/** One port of loopback for each service, so that their paths are what they are everywhere. */
export async function listen(front: Front): Promise<{ readonly servers: readonly Server[]; readonly roots: Roots }> {
  const roots = { keystone: '', octavia: '', neutron: '', barbican: '' };
  const numbers = { writes: 0 };
  const servers: Server[] = [];
  for (const service of ['keystone', 'octavia', 'neutron', 'barbican'] as const) {
    const server = await listenAs(front, service, { roots, numbers });
    servers.push(server);
    const address = server.address();
    roots[service] = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }
  return { servers, roots };
}

async function listenAs(
  front: Front,
  service: ServiceName,
  { roots, numbers }: { readonly roots: Roots; readonly numbers: { writes: number } },
): Promise<Server> {
  const server = createServer((message, response) => {
    const startedAt = Date.now();
    void handle(message, response, startedAt).catch((error: unknown) => {
      console.error('the fake OpenStack failed:', error);
      send(response, { status: 500, headers: {}, text: String(error) });
    });
  });

  async function handle(message: IncomingMessage, response: ServerResponse, startedAt: number): Promise<void> {
    const body = await read(message);
    if (message.url === '/__control' && message.method === 'POST')
      return send(response, ready(controlled(front, body)));
    const request = requestOf(message, { service, base: roots[service], body });
    if (isWrite(request)) numbers.writes += 1;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const passed = await pass(front, request, { roots, number: numbers.writes, gone: gone.signal });
    const sent = passed.answer === undefined ? undefined : ready(passed.answer);
    front.calls.log(request, { startedAt, status: passed.status, bytes: sent?.text.length ?? 0 });
    if (sent === undefined) return void response.destroy();
    const id = service === 'keystone' ? {} : { 'x-openstack-request-id': `req-${front.requestIds.uuid()}` };
    send(response, { ...sent, headers: { ...id, ...sent.headers } });
  }

  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

/** How a request ended. Without an answer the connection breaks; status 0: the service never saw the request. */
interface Passed {
  readonly status: number;
  readonly answer: Answer | undefined;
}

interface Passing {
  readonly roots: Roots;
  readonly number: number;
  /** Aborted when whoever asked is no longer there. */
  readonly gone: AbortSignal;
}

/** A request's way through faults and watchers, to the cloud and back. */
async function pass(front: Front, request: Request, { roots, number, gone }: Passing): Promise<Passed> {
  const write = isWrite(request);
  if (write) await front.watcher?.({ number, moment: 'before', request });
  const before = await front.faults.strike(request, 'before', gone);
  if (before?.kind === 'answer') return { status: before.answer.status, answer: before.answer };
  // whoever died while it was kept waiting has not asked
  if (before?.kind === 'drop' || gone.aborted) return { status: 0, answer: undefined };
  const answer = front.serve(request, roots);
  if (write) await front.watcher?.({ number, moment: 'after', request });
  const after = await front.faults.strike(request, 'after', gone);
  if (after?.kind === 'answer') return { status: after.answer.status, answer: after.answer };
  return { status: answer.status, answer: after?.kind === 'drop' ? undefined : answer };
}

interface Ready {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

function ready({ status, body, headers = {} }: Answer): Ready {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { ...type, ...headers }, text };
}

function send(response: ServerResponse, { status, headers, text }: Ready): void {
  response.writeHead(status, headers);
  response.end(text);
}

function controlled(front: Front, body: unknown): Answer {
  try {
    return { status: 200, body: front.control(body) ?? null };
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}

function requestOf(message: IncomingMessage, of: Pick<Request, 'service' | 'base' | 'body'>): Request {
  const url = new URL(message.url ?? '/', of.base);
  const { method = 'GET', headers } = message;
  return { ...of, method, path: url.pathname, query: url.searchParams, headers };
}

async function read(message: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const given = Buffer.concat(chunks).toString();
  try {
    return given === '' ? undefined : JSON.parse(given);
  } catch {
    return undefined; // each service says in its own words that it cannot read this
  }
}
