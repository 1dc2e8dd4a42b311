import { PassThrough } from 'node:stream';
import { Informer, type InformerState } from '../../operator/kube/informer.ts';
import type { KubeObject } from '../../operator/kube/kube-object.ts';
import type { Kube, KubeRequest } from '../../operator/kube/kube-request.ts';
import { ManualClock } from './manual-clock.ts';

/** An API server as one informer meets it: it says what the test has put into it, and writes down what it was asked. */
export class ScriptedApiserver {
  readonly asked: string[] = [];
  readonly lists: unknown[] = [];
  readonly watches: PassThrough[] = [];
  /** Of the next watches. */
  readonly refusals: Error[] = [];
  readonly kube: Pick<Kube, 'json' | 'stream'> = {
    json: async (request) => {
      const { limit, continue: page } = request.query ?? {};
      this.asked.push(`list ${String(page ?? '')}${limit === undefined ? 'whole' : ''}`.trim());
      const next = this.lists.length > 1 ? this.lists.shift() : this.lists[0];
      if (next instanceof Error) throw next;
      return next;
    },
    stream: async (request: KubeRequest) => {
      this.asked.push(`watch ${String(request.query?.['resourceVersion'])}`);
      const refused = this.refusals.shift();
      if (refused !== undefined) throw refused;
      const body = new PassThrough();
      this.watches.push(body);
      request.signal.addEventListener('abort', () => body.destroy(new Error('aborted')), { once: true });
      return body;
    },
  };

  send(type: string, object: unknown): void {
    this.watches.at(-1)?.write(`${JSON.stringify({ type, object })}\n`);
  }
}

export function route(name: string, resourceVersion: string): KubeObject {
  return { metadata: { name, namespace: 'a', uid: `uid-${name}`, resourceVersion, creationTimestamp: '' } };
}

export function list(resourceVersion: string, items: readonly KubeObject[], more?: string): unknown {
  return { metadata: { resourceVersion, ...(more === undefined ? {} : { continue: more }) }, items };
}

/** What it keeps of an object is its version. The caller stops it. */
export function informerOf(server: ScriptedApiserver) {
  const clock = new ManualClock();
  const changes: string[] = [];
  const states: InformerState['kind'][] = [];
  const informer = new Informer<string>({
    kube: server.kube,
    path: '/apis/octopool.dev/v1alpha1/serviceroutes',
    keep: (object) => object.metadata.resourceVersion,
    onChange: ({ key, before, after }) => changes.push(`${key} ${before ?? '-'} ${after ?? '-'}`),
    onState: ({ kind }) => states.push(kind),
    clock,
  });
  informer.start();
  return { clock, informer, changes, states };
}

/** Streams have their own turns. */
export async function settle(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(0);
  }
}
