import type { Token } from './keystone/identity.ts';

export type ServiceName = 'keystone' | 'octavia' | 'neutron' | 'barbican';

/** One request to one service. */
export interface Request {
  readonly service: ServiceName;
  readonly method: string;
  /** `/v2/lbaas/pools` */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** undefined: none was sent. */
  readonly body: unknown;
  /** Base of the service's own links: `http://127.0.0.1:1234`. */
  readonly base: string;
}

/** One that a service answers on behalf of somebody. */
export interface Call extends Request {
  readonly token: Token;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ids out of the path, in its order. Handlers are synchronous: a request happens at one instant or not at all. */
export type Handler = (call: Call, ids: readonly string[]) => Answer;

/** `GET /v2/lbaas/pools/:/members/:` */
export type Routes = Readonly<Record<string, Handler>>;

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export const noContent: Answer = { status: 204 };
export const accepted: Answer = { status: 202 };
