import { keyOf, type KubeObject } from './kube-object.ts';
import type { Kube } from './kube-request.ts';
import { isExpired } from './watch-events.ts';

/** All objects of a collection at one version of it, by their keys. */
export interface WholeList {
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly version: string;
}

export interface ListOptions {
  readonly kube: Pick<Kube, 'json'>;
  readonly path: string;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

/**
 * Lists in pages. The API server forgets the version that the first page was of after some minutes (410): what takes longer is
 * asked for in one piece, which cannot expire on the way.
 */
export async function wholeList(options: ListOptions): Promise<WholeList> {
  try {
    return await pages(options, options.pageSize);
  } catch (error) {
    if (!isExpired(error)) throw error;
    return pages(options, undefined);
  }
}

interface Page {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly KubeObject[] | null;
}

async function pages({ kube, path, signal }: ListOptions, limit: number | undefined): Promise<WholeList> {
  const objects = new Map<string, KubeObject>();
  let next: string | undefined;
  for (;;) {
    const query = { limit, continue: next };
    const page = (await kube.json({ method: 'GET', path, query, signal, deadline: 60_000 })) as Page;
    for (const object of page.items ?? []) objects.set(keyOf(object), object);
    next = page.metadata.continue;
    if (next === undefined || next === '') return { objects, version: page.metadata.resourceVersion };
  }
}
