import type { Readable } from 'node:stream';
import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { request as send, type Dispatcher } from 'undici';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the API server, without query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Of a PATCH it decides what is done; default application/json. */
  readonly contentType?: PatchType | 'application/json';
  readonly signal: AbortSignal;
  /** Milliseconds; default 30 s. A stream has it for its answer to begin only. */
  readonly deadline?: number;
}

export type PatchType = 'application/merge-patch+json' | 'application/json-patch+json' | 'application/apply-patch+yaml';

/** What the API server said no to; `status` undefined: it did not answer. */
export class KubeError extends Error {
  readonly status: number | undefined;
  /** Of metav1.Status: `NotFound`, `Conflict`, `Expired`, ... */
  readonly reason: string | undefined;
  /** How long the API server wants to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(of: {
    readonly status: number | undefined;
    readonly reason: string | undefined;
    readonly message: string;
    readonly cause?: unknown;
    readonly retryAfterMs?: number | undefined;
  }) {
    super(of.message, { cause: of.cause });
    this.name = 'KubeError';
    this.status = of.status;
    this.reason = of.reason;
    this.retryAfterMs = of.retryAfterMs;
  }
}

/** Whether the failure is of another kind than an API server that is away. */
export function hasAnswered(error: unknown): boolean {
  return !(error instanceof KubeError) || error.status !== undefined;
}

/** Milliseconds; undefined where the API server has no wish. */
export function retryAfter(error: unknown): number | undefined {
  return error instanceof KubeError ? error.retryAfterMs : undefined;
}

/** Whether nothing would go better now: the API server is away, overburdened or does not know us. A refusal concerns one object. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof KubeError && (error.status === undefined || [401, 429, 502, 503, 504].includes(error.status));
}

export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof KubeError && error.status !== undefined && statuses.includes(error.status);
}

/** Requests to one API server. Nothing is sent a second time: who asks knows whether that is safe. */
export interface Kube {
  /** The address that errors name. */
  readonly server: string;
  /** The answer as JSON. Throws KubeError for every answer but 2xx, and for none within the deadline. */
  json(request: KubeRequest): Promise<unknown>;
  /** The body as it comes; the signal ends it. */
  stream(request: KubeRequest): Promise<Readable>;
}

export function kubeOver(kubeConfig: KubeConfig): Kube {
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  return {
    server,
    json: (request) => askForJson(kubeConfig, server, request),
    stream: (request) => askForStream(kubeConfig, server, request),
  };
}

const usualDeadline = 30_000;

async function askForJson(kubeConfig: KubeConfig, server: string, request: KubeRequest): Promise<unknown> {
  const deadline = AbortSignal.timeout(request.deadline ?? usualDeadline);
  const signal = AbortSignal.any([request.signal, deadline]);
  try {
    const answer = await ask({ kubeConfig, server, request, signal });
    return await answer.body.json();
  } catch (error) {
    throw named(error, server, request);
  }
}

async function askForStream(kubeConfig: KubeConfig, server: string, request: KubeRequest): Promise<Readable> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error('no answer within the deadline')),
    request.deadline ?? usualDeadline,
  );
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    const answer = await ask({ kubeConfig, server, request, signal });
    return answer.body;
  } catch (error) {
    throw named(error, server, request);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(of: {
  readonly kubeConfig: KubeConfig;
  readonly server: string;
  readonly request: KubeRequest;
  readonly signal: AbortSignal;
}): Promise<Dispatcher.ResponseData> {
  const { kubeConfig, server, request, signal } = of;
  const context = new RequestContext(urlOf(server, request), HttpMethod[request.method]);
  // a kubeconfig may have its credentials from a program, which may hang
  await orAborted(kubeConfig.applySecurityAuthentication(context), signal);
  const dispatcher = context.getDispatcher();
  const answer = await send(context.getUrl(), {
    method: request.method,
    signal,
    headers: {
      ...context.getHeaders(),
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
  const wish = Number(answer.headers['retry-after'] ?? Number.NaN);
  throw refusal({ status: answer.statusCode, text: await answer.body.text(), wish, request });
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function urlOf(server: string, { path, query = {} }: KubeRequest): string {
  const url = new URL(server.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.toString();
}

/** A longer wish is a proxy's, or a mistake. */
const longestWishMs = 60_000;

function refusal(of: {
  readonly status: number;
  readonly text: string;
  /** Seconds; NaN: none. */
  readonly wish: number;
  readonly request: KubeRequest;
}): KubeError {
  const { status, text, wish, request } = of;
  const { reason, message } = statusObject(text);
  return new KubeError({
    status,
    reason,
    message: `${request.method} ${request.path}: ${status} ${message ?? text.slice(0, 200)}`,
    retryAfterMs: wish >= 0 ? Math.min(wish * 1000, longestWishMs) : undefined,
  });
}

/** metav1.Status as far as it is one; a proxy in between answers with anything. */
function statusObject(text: string): { readonly reason: string | undefined; readonly message: string | undefined } {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return { reason: undefined, message: undefined };
    const reason = 'reason' in parsed && typeof parsed.reason === 'string' ? parsed.reason : undefined;
    const message = 'message' in parsed && typeof parsed.message === 'string' ? parsed.message : undefined;
    return { reason, message };
  } catch {
    return { reason: undefined, message: undefined };
  }
}

function named(error: unknown, server: string, { method, path, signal }: KubeRequest): unknown {
  if (error instanceof KubeError || signal.aborted) return error;
  const why = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
  return new KubeError({
    status: undefined,
    reason: undefined,
    message: `${method} ${path}: no answer from ${server} (${why})`,
    cause: error,
  });
}
