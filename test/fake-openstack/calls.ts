import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Request, ServiceName } from './http.ts';

/** One request as it was answered. Status 0: it was not. */
export interface LoggedCall {
  readonly at: number;
  readonly service: ServiceName;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly agent: string;
}

/** Everything that was asked for, in memory and in a file of the lab's form (test/openstack/access-log.ts reads it). */
export class Calls {
  readonly all: LoggedCall[] = [];
  readonly #file: number | undefined;

  constructor(file: string | undefined) {
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    this.#file = openSync(file, 'a');
  }

  /** On disk before the answer leaves: who has an answer finds its line. */
  log(request: Request, of: { readonly startedAt: number; readonly status: number; readonly bytes: number }): void {
    const { service, method, path, query, headers } = request;
    const agent = String(headers['user-agent'] ?? '-');
    const text = query.toString();
    const { startedAt: at, status, bytes } = of;
    this.all.push({ at, service, method, path, query: text, status, agent });
    if (this.#file === undefined) return;
    const uri = text === '' ? path : `${path}?${text}`;
    const line = [at, service, method, uri, status, Date.now() - at, headers['content-length'] ?? 0, bytes, agent];
    writeSync(this.#file, `${line.join(' ')}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

export function isWrite({ service, method }: Pick<Request, 'service' | 'method'>): boolean {
  return service !== 'keystone' && method !== 'GET' && method !== 'HEAD';
}
