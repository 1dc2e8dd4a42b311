import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free one; `port` of the answer tells which. */
  readonly port: number;
  readonly registry: Registry;
  /** Whether a request to /readyz is answered with 200. */
  readonly ready: () => boolean;
}

export interface RunningHttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** /livez: the process turns its wheel; /readyz: its caches are filled; /metrics: for Prometheus. Rejects when the port is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const server = createServer((request, response) => void answer(request.url ?? '/', response, options));
  server.requestTimeout = 10_000;
  await listening(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, { host, port }: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

async function answer(url: string, response: ServerResponse, { registry, ready }: HttpServerOptions): Promise<void> {
  const say = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
    response.writeHead(status, { 'content-type': type }).end(text);
  };
  switch (url.split('?')[0]) {
    case '/livez':
      return say(200, 'ok\n');
    case '/readyz':
      return ready() ? say(200, 'ok\n') : say(503, 'the caches are not filled yet\n');
    case '/metrics':
      return say(200, await registry.metrics(), registry.contentType);
    default:
      return say(404, 'there are /livez, /readyz and /metrics\n');
  }
}
