import { once } from 'node:events';
import type { ResponderConfig } from '../config.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type After, type Answer, type BoundedServer, startBoundedServer } from './bounded-server.ts';
import { notFound, notFoundText } from './not-found.ts';

/** What `responder` needs of its process; main hands it in. */
export interface Responding {
  /** Aborted when the process is asked to stop. */
  readonly stop: AbortSignal;
  readonly after: After;
  readonly log: Pick<Logger, 'info'>;
}

const finishMs = 5_000;

/** `octopool responder`: 404 for everybody until it is asked to stop. Resolves with the exit code; rejects when a port is taken. */
export async function responder(config: ResponderConfig, { stop, after, log }: Responding): Promise<number> {
  const stopping = (): boolean => stop.aborted;
  const toConnect = notFoundText();
  const health = await startBoundedServer({ ...config.healthListen, answer: healthAnswer(stopping), toConnect });
  const servers: BoundedServer[] = [health];
  try {
    const answers = await startBoundedServer({ ...config.listen, answer: notFound(stopping), toConnect });
    servers.unshift(answers); // health is told to the last
    log.info('responder started', { port: answers.port, healthPort: health.port });
    if (!stop.aborted) await once(stop, 'abort');
    log.info('responder stops', { drainSeconds: config.drainSeconds });
    // requests come until everybody knows; each answer now ends its connection, so that nobody uses one that is about to go
    await new Promise<void>((resolve) => void after(config.drainSeconds * 1000, resolve));
    return 0;
  } finally {
    for (const server of servers) await server.finish(finishMs, after);
  }
}

/** /healthz: whether new connections are welcome. */
function healthAnswer(stopping: () => boolean): Answer {
  return (request, response) => {
    const say = (status: number, text: string): void => {
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) };
      response.writeHead(status, { ...headers, connection: 'close' }).end(text);
    };
    if (request.url?.split('?')[0] !== '/healthz') return say(404, 'there is /healthz\n');
    return stopping() ? say(503, 'stopping\n') : say(200, 'ok\n');
  };
}
