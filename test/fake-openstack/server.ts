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

const prefixes: readonly (readonly [string, ServiceName])[] = [
  ['/identity', 'keystone'],
  ['/load-balancer', 'octavia'],
  ['/network', 'neutron'],
  ['/key-manager', 'barbican'],
];

/** One port of loopback for all services, each below its own prefix. */
export async function listen(front: Front, port: number): Promise<{ readonly server: Server; readonly root: string }> {
  let root = '';
  let writes = 0;
  const server = createServer((incoming, response) => {
    const startedAt = Date.now();
    void handle(incoming)
      .then((outcome) => finish(response, outcome))
      .catch((error: unknown) => {
        finish(response, { kind: 'answer', answer: { status: 500, body: String(error) }, request: undefined });
        console.error('the fake OpenStack failed:', error);
      });

    async function handle(message: IncomingMessage): Promise<Outcome> {
      const body = await read(message);
      if (message.url === '/__control' && message.method === 'POST')
        return { kind: 'answer', answer: controlled(front, body), request: undefined };
      const request = below(message, root, body);
      if (request === undefined) return { kind: 'answer', answer: { status: 404 }, request };
      if (isWrite(request)) writes += 1;
      const outcome = await pass(front, request, { root, number: writes });
      const status = outcome.kind === 'answer' ? outcome.answer.status : outcome.status;
      const bytes = outcome.kind === 'answer' ? text(outcome.answer).length : 0;
      front.calls.log(request, { startedAt, status, bytes });
      return outcome;
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  root = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  return { server, root };

  function finish(response: ServerResponse, outcome: Outcome): void {
    if (outcome.kind === 'dropped') {
      response.destroy();
      return;
    }
    const { answer, request } = outcome;
    const id = request?.service === 'keystone' ? {} : { 'x-openstack-request-id': `req-${front.requestIds.uuid()}` };
    const type = answer.body === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(answer.status, { ...type, ...id, ...answer.headers });
    response.end(text(answer));
  }
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly request: Request | undefined }
  /** `status`: what the service had answered; 0: it never saw the request. */
  | { readonly kind: 'dropped'; readonly status: number };

/** A request's way through faults and watchers, to the cloud and back. */
async function pass(
  front: Front,
  request: Request,
  { root, number }: { readonly root: string; readonly number: number },
): Promise<Outcome> {
  const write = isWrite(request);
  if (write) await front.watcher?.({ number, moment: 'before', request });
  const before = await front.faults.strike(request, 'before');
  if (before?.kind === 'answer') return { ...before, request };
  if (before?.kind === 'drop') return { kind: 'dropped', status: 0 };
  const answer = front.serve(request, root);
  if (write) await front.watcher?.({ number, moment: 'after', request });
  const after = await front.faults.strike(request, 'after');
  if (after?.kind === 'answer') return { ...after, request };
  if (after?.kind === 'drop') return { kind: 'dropped', status: answer.status };
  return { kind: 'answer', answer, request };
}

function controlled(front: Front, body: unknown): Answer {
  try {
    return { status: 200, body: front.control(body) ?? null };
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}

function below(message: IncomingMessage, root: string, body: unknown): Request | undefined {
  const url = new URL(message.url ?? '/', root);
  const found = prefixes.find(([prefix]) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`));
  if (found === undefined) return undefined;
  const [prefix, service] = found;
  return {
    service,
    method: message.method ?? 'GET',
    path: url.pathname.slice(prefix.length),
    query: url.searchParams,
    headers: message.headers,
    body,
    base: `${root}${prefix}`,
  };
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

function text({ body }: Answer): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
