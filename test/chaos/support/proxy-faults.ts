/** What a request is about, as far as a fault may depend on it. */
export interface Asked {
  readonly verb: 'list' | 'watch' | 'get' | 'write';
  readonly method: string;
  /** From the root, without query. */
  readonly path: string;
  /** `serviceroutes`, `nodes`, `leases`, ... */
  readonly plural: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

export type Fault =
  /** Instead of the API server: a Status with this code. `retryAfter` in seconds. */
  | { readonly kind: 'refuse'; readonly status: number; readonly reason?: string; readonly retryAfter?: number }
  /** The API server's own list, without its items. */
  | { readonly kind: 'empty' }
  /** The request reaches the API server later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** A watch that begins and then says nothing, not even a bookmark. */
  | { readonly kind: 'silent' }
  /** The connection breaks after so many bytes of the answer's body. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** A watch that begins, and then says by an event that its version is too old. */
  | { readonly kind: 'expire' };

export interface Injection {
  readonly on: (asked: Asked) => boolean;
  readonly fault: Fault;
  /** How often; for ever unless said. */
  readonly times?: number;
}

/** A fault in effect. */
export interface Injected {
  readonly hits: number;
  end(): void;
}

/** Faults in the order of their injection; the first that concerns a request is its fate. */
export class Faults {
  readonly #active: { readonly of: Injection; hits: number }[] = [];

  add(of: Injection): Injected {
    const entry = { of, hits: 0 };
    this.#active.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      end: () => this.#remove(entry),
    };
  }

  /** The fate of a request; undefined: none. */
  take(asked: Asked): Fault | undefined {
    const entry = this.#active.find(({ of, hits }) => hits < (of.times ?? Infinity) && of.on(asked));
    if (entry === undefined) return undefined;
    entry.hits += 1;
    return entry.of.fault;
  }

  clear(): void {
    this.#active.splice(0);
  }

  #remove(entry: { readonly of: Injection; hits: number }): void {
    const at = this.#active.indexOf(entry);
    if (at >= 0) this.#active.splice(at, 1);
  }
}

export function listOf(plural: string): (asked: Asked) => boolean {
  return (asked) => asked.verb === 'list' && asked.plural === plural;
}

export function watchOf(plural: string): (asked: Asked) => boolean {
  return (asked) => asked.verb === 'watch' && asked.plural === plural;
}

/** `/api/v1/nodes`, `/apis/<group>/<version>/namespaces/<namespace>/<plural>/<name>/status`, ... */
export function askedBy(method: string, url: string, authorization: string | undefined): Asked {
  const { pathname: path, searchParams: query } = new URL(url, 'https://apiserver');
  const [root, ...parts] = path.split('/').filter((part) => part !== '');
  const [first = '', second, third, ...rest] = parts.slice(root === 'apis' ? 2 : 1);
  const namespaced = first === 'namespaces' && third !== undefined;
  const plural = namespaced ? third : first;
  const name = namespaced ? rest[0] : second;
  const verb =
    method !== 'GET' ? 'write' : query.has('watch') ? 'watch' : name === undefined && plural !== '' ? 'list' : 'get';
  return { verb, method, path, plural, query, authorization };
}
