import type { Handler, Request, Routes } from './http.ts';

interface Entry {
  readonly segments: readonly string[];
  readonly handler: Handler;
}

export interface Found {
  readonly handler: Handler;
  readonly ids: readonly string[];
}

/** Finds the handler of a request. Literal segments go before ids because they are written before them. */
export class Router {
  readonly #entries = new Map<string, Entry[]>();

  constructor(routes: Routes) {
    for (const [pattern, handler] of Object.entries(routes)) {
      const [method = '', path = ''] = pattern.split(' ');
      const segments = path.split('/').slice(1);
      const key = `${method} ${segments.length}`;
      this.#entries.set(key, [...(this.#entries.get(key) ?? []), { segments, handler }]);
    }
  }

  find({ method, path }: Pick<Request, 'method' | 'path'>): Found | undefined {
    const given = path
      .replace(/(?<=.)\/$/, '')
      .split('/')
      .slice(1);
    for (const { segments, handler } of this.#entries.get(`${method} ${given.length}`) ?? []) {
      const fits = segments.every((segment, at) => segment === ':' || segment === given[at]);
      if (fits) return { handler, ids: given.filter((_, at) => segments[at] === ':').map(decodeURIComponent) };
    }
    return undefined;
  }
}
