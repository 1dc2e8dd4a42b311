import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Cloud, type CloudOptions } from '../cloud.ts';
import type { Credentials } from '../config/credentials.ts';
import { Secret } from '../secret.ts';

export interface Seen {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly token: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** undefined status: the connection is broken instead; `never`: no answer at all. */
export interface Reply {
  readonly status?: number | 'broken' | 'never';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SmallServer {
  readonly url: string;
  /** Everything but the token requests. */
  readonly seen: Seen[];
  /** Bodies of the token requests. */
  readonly logins: unknown[];
  /** Answers a token request; by default 201. */
  login: (count: number) => Reply;
  reply: (request: Seen, count: number) => Reply;
  cloud(options?: Partial<CloudOptions>): Cloud;
  credentials(password?: string): Credentials;
  close(): Promise<void>;
}

/** Keystone with the tokens `token-1`, `token-2`, ..., and whatever `reply` says for the rest, on one port of loopback. */
export async function smallServer(): Promise<SmallServer> {
  const clouds: Cloud[] = [];
  const server = createServer((request, response) => void answer(small, request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const small: SmallServer = {
    url,
    seen: [],
    logins: [],
    login: () => ({}),
    reply: () => ({ body: {} }),
    cloud: (options = {}) => {
      const cloud = connect({ credentials: async () => small.credentials(), userAgent: 'test/1', ...options });
      clouds.push(cloud);
      return cloud;
    },
    credentials: (password = 'hidden') => ({
      authUrl: `${url}/v3`,
      method: { kind: 'password', user: { id: 'u' }, password: new Secret(password), project: { id: 'p' } },
      region: undefined,
      interface: 'public',
      tls: { caText: undefined, caFile: undefined, verify: true },
    }),
    close: async () => {
      await Promise.all(clouds.map((cloud) => cloud.close()));
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return small;
}

async function answer(small: SmallServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request);
  if (request.url === '/v3/auth/tokens') {
    small.logins.push(body);
    const count = small.logins.length;
    send(response, { ...token(small.url, count), ...small.login(count) });
    return;
  }
  const seen: Seen = {
    method: request.method ?? '',
    url: request.url ?? '',
    token: [request.headers['x-auth-token']].flat()[0],
    headers: request.headers,
    body,
  };
  small.seen.push(seen);
  send(response, small.reply(seen, small.seen.length));
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}

function send(response: ServerResponse, { status = 200, body, headers = {} }: Reply): void {
  if (status === 'never') return;
  if (status === 'broken') {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'x-openstack-request-id': 'req-1', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function token(url: string, count: number): Reply {
  const catalog = ['load-balancer', 'network', 'key-manager'].map((type) => ({
    type,
    endpoints: [{ interface: 'public', url, region_id: 'one' }],
  }));
  const times = { issued_at: '2026-01-01T00:00:00.000000Z', expires_at: '2026-01-01T01:00:00.000000Z' };
  return {
    status: 201,
    headers: { 'x-subject-token': `token-${count}` },
    body: { token: { ...times, project: { id: 'p', name: 'project' }, catalog } },
  };
}
