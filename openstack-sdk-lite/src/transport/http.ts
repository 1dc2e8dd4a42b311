import { readFile } from 'node:fs/promises';
import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import { Agent, request as send } from 'undici';
import { z } from 'zod';
import type { Tls } from '../config/credentials.ts';
import { OpenStackError } from './errors.ts';
import { faultText } from './fault-text.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly service: string;
  readonly method: Method;
  readonly url: URL;
  /** Sent as JSON; undefined: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** JSON when it is, else the text; undefined when empty. */
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
  readonly requestId: string | undefined;
  readonly service: string;
  readonly method: Method;
  readonly path: string;
}

export interface HttpOptions {
  /** First in the User-Agent of every request, as `octopool/0.1.0`. */
  readonly userAgent: string;
  /** Of a call that names none; default 30 000 ms. */
  readonly deadlineMs?: number | undefined;
  /** How often a GET is repeated after a broken connection, 429, 502, 503 or 504; default 2. Writes never are. */
  readonly readRetries?: number | undefined;
}

/** Requests as JSON over pooled connections: one undici Agent, which keeps a pool for each endpoint. */
export class HttpClient {
  readonly deadlineMs: number;
  readonly #userAgent: string;
  readonly #retry;
  #agent = new Agent(agentOptions);
  #tlsKey = '';

  constructor({ userAgent, deadlineMs = 30_000, readRetries = 2 }: HttpOptions) {
    this.deadlineMs = deadlineMs;
    this.#userAgent = userAgent;
    this.#retry = retry(handleWhen(worthRepeating), {
      maxAttempts: readRetries,
      backoff: new DelegateBackoff(({ attempt, result }) => ('error' in result ? pauseMs(result.error, attempt) : 0)),
    });
  }

  /** Which certificates to trust from now on. Requests under way end on their old connections. */
  async trust(tls: Tls): Promise<void> {
    const ca = tls.caText ?? (tls.caFile === undefined ? undefined : await authorities(tls.caFile));
    const key = JSON.stringify([ca, tls.verify]);
    if (key === this.#tlsKey) return;
    const old = this.#agent;
    this.#agent = new Agent({
      ...agentOptions,
      connect: { rejectUnauthorized: tls.verify, ...(ca === undefined ? {} : { ca }) },
    });
    this.#tlsKey = key;
    void old.close().catch(() => undefined); // nobody waits for connections that are no longer used
  }

  /** Throws OpenStackError for every status from 400 on. */
  async send(request: HttpRequest): Promise<Answer> {
    if (request.method !== 'GET') return this.#once(request);
    return this.#retry.execute(() => this.#once(request), request.signal);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #once(request: HttpRequest): Promise<Answer> {
    request.signal.throwIfAborted();
    const answer = await this.#exchange(request).catch((error: unknown) => {
      if (request.signal.aborted) throw request.signal.reason;
      throw new OpenStackError({ kind: 'network', faultText: causeText(error), cause: error, ...where(request) });
    });
    if (answer.status < 400) return answer;
    throw new OpenStackError({
      kind: 'http',
      status: answer.status,
      faultText: faultText(answer.body, 'the answer says no more'),
      requestId: answer.requestId,
      retryAfterMs: retryAfterMs(answer.header('retry-after')),
      ...where(request),
    });
  }

  async #exchange(request: HttpRequest): Promise<Answer> {
    const { statusCode, headers, body } = await send(request.url, {
      method: request.method,
      dispatcher: this.#agent,
      signal: request.signal,
      headers: {
        accept: 'application/json',
        'user-agent': this.#userAgent,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
    });
    const header = (name: string) => [headers[name]].flat()[0];
    return {
      status: statusCode,
      body: jsonOrText(await body.text()),
      header,
      requestId: header('x-openstack-request-id'),
      ...where(request),
    };
  }
}

/** An answer larger than this is none of ours: the largest seen, a tree of 500 policies, has 2 MB. The deadline is the caller's. */
const agentOptions = { connections: 32, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: 64 * 1024 * 1024 } as const;

/** A longer wish is left to the caller, who sees it in the error. */
const longestPauseMs = 5_000;

function where(request: HttpRequest) {
  return { service: request.service, method: request.method, path: request.url.pathname };
}

function worthRepeating(error: unknown): boolean {
  if (!(error instanceof OpenStackError) || (error.retryAfterMs ?? 0) > longestPauseMs) return false;
  return error.kind === 'network' || [429, 502, 503, 504].includes(error.status ?? 0);
}

function pauseMs(error: unknown, attempt: number): number {
  const asked = error instanceof OpenStackError ? error.retryAfterMs : undefined;
  return asked ?? 200 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

/** Seconds or a date, as HTTP allows. */
function retryAfterMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function jsonOrText(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text; // a proxy's page; it becomes the fault text, or fails where JSON was promised
  }
}

async function authorities(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new OpenStackError({
      kind: 'credentials',
      service: 'credentials',
      faultText: `cannot read the CA file ${file} (${causeText(error)}): correct "cacert"`,
      cause: error,
    });
  });
}

/** Node's connection errors often have an empty message and the truth in their code. */
function causeText(error: unknown): string {
  const { message = '', code = 'unknown' } = errorFields.parse(error);
  return message === '' ? code : message;
}

const errorFields = z.object({ message: z.string().optional(), code: z.string().optional() }).catch({});
