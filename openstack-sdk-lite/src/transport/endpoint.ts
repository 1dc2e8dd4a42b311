import type { Answer, HttpClient, Method } from './http.ts';
import type { Session } from './auth.ts';
import type { ServiceName } from '../keystone/v3/catalog.ts';
import type { Filter } from '../resource.ts';
import { OpenStackError } from './errors.ts';
import { deadlineOf, withinDeadline } from './deadline.ts';

export interface EndpointRequest {
  readonly method: Method;
  /** Below the API's version: `/lbaas/pools`. */
  readonly path: string;
  readonly query?: Filter | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
}

/** One service of the cloud, seen through a session. */
export interface Endpoint {
  readonly service: ServiceName;
  send(request: EndpointRequest): Promise<Answer>;
}

export interface EndpointOptions {
  readonly service: ServiceName;
  readonly session: Session;
  readonly http: HttpClient;
  /** Throws where nothing may be written now. */
  readonly beforeWrite: (() => void) | undefined;
}

/**
 * Requests with a token. A 401 renews the token and sends the request once more: the services refuse a bad token before they
 * look at the request, so that is safe for writes too.
 */
export function endpoint({ service, session, http, beforeWrite }: EndpointOptions): Endpoint {
  const attempt = async (
    request: EndpointRequest,
    token: Awaited<ReturnType<Session['access']>>,
    signal: AbortSignal,
  ) => {
    if (request.method !== 'GET') beforeWrite?.();
    return http.send({
      service,
      method: request.method,
      url: new URL(`${token.endpoint(service)}${request.path}${queryText(request.query)}`),
      body: request.body,
      headers: { ...request.headers, 'X-Auth-Token': token.secret.reveal() },
      signal,
    });
  };
  return {
    service,
    send: (request) =>
      withinDeadline(
        { ...deadlineOf(request, http.deadlineMs), service, method: request.method, path: request.path },
        async (signal) => {
          const token = await session.access(signal);
          try {
            return await attempt(request, token, signal);
          } catch (error) {
            if (!(error instanceof OpenStackError) || error.status !== 401) throw error;
          }
          return attempt(request, await session.renew(token, signal), signal);
        },
      ),
  };
}

function queryText(filter: Filter = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    query.append(key, typeof value === 'object' ? value.join(',') : String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
