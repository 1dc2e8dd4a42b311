import type { z } from 'zod';
import { listAll } from './listing.ts';
import type { Endpoint } from './transport/endpoint.ts';
import { parsed } from './transport/parsed.ts';

/** Limits of one call. */
export interface Call {
  /** Ends the call; its reason is what the promise rejects with. */
  readonly signal?: AbortSignal | undefined;
  /** For the whole call, with its retries and a renewed token; default 30 s. */
  readonly deadlineMs?: number | undefined;
}

/** Query of a list, in the API's own names. A list of values is joined as `a,b`, which for `tags` means all of them (and with none in it, nothing). */
export type Filter = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One kind of object: where it lives and how to read it. */
export interface Table<S extends z.ZodType> {
  readonly path: string;
  /** Envelope key of one object. */
  readonly one: string;
  /** Envelope key of a list. */
  readonly many: string;
  /** Fields that the schema does not name are left out. */
  readonly schema: S;
}

/** The calls that every kind has. All of them throw OpenStackError. */
export interface Resource<R, C, U> {
  /** All objects, over all pages. */
  list(filter?: Filter, call?: Call): Promise<readonly R[]>;
  /** Throws 404 (`isNotFound`), in Octavia also 403 for an object of another project. */
  get(id: string, call?: Call): Promise<R>;
  /** Sent once, never repeated by the SDK. */
  create(body: C, call?: Call): Promise<R>;
  /** Sent once. Octavia makes the balancer busy even when nothing differs: compare first. */
  update(id: string, body: U, call?: Call): Promise<R>;
  remove(id: string, call?: Call): Promise<void>;
}

/** The part of a resource that a table alone describes; kinds with other calls spread it and add their own. */
export function resource<S extends z.ZodType, C, U>(endpoint: Endpoint, table: Table<S>): Resource<z.output<S>, C, U> {
  const one = async (method: 'GET' | 'POST' | 'PUT', path: string, body: unknown, call: Call = {}) => {
    const sent = body === undefined ? undefined : { [table.one]: body };
    const answer = await endpoint.send({ method, path, body: sent, ...call });
    return parsed(answer, table.one, table.schema);
  };
  return {
    list: (filter = {}, call = {}) => listAll(endpoint, table, { filter, call }),
    get: (id, call) => one('GET', at(table, id), undefined, call),
    create: (body, call) => one('POST', table.path, body, call),
    update: (id, body, call) => one('PUT', at(table, id), body, call),
    remove: async (id, call = {}) => {
      await endpoint.send({ method: 'DELETE', path: at(table, id), ...call });
    },
  };
}

/** A resource that only reads. */
export type ReadOnly<R> = Pick<Resource<R, never, never>, 'list' | 'get'>;

export function at(table: { readonly path: string }, id: string): string {
  return `${table.path}/${encodeURIComponent(id)}`;
}
