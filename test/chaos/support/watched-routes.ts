import { systemClock } from '../../../operator/kube/clock.ts';
import { type Change, Informer } from '../../../operator/kube/informer.ts';
import { kubeOver } from '../../../operator/kube/kube-request.ts';
import { loadKubeConfig } from '../../../operator/kube/pooled-kube-config.ts';
import type { ControlPlane } from '../../kubernetes/control-plane-handle.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { hostRoute } from '../../support/manifests.ts';

const namespace = 'team-a';
const collection = '/apis/octopool.dev/v1alpha1/serviceroutes';

/** The operator's own informer over its own connections, with short times; it keeps versions and writes down what it tells. */
export interface WatchedRoutes {
  readonly informer: Informer<string>;
  readonly told: readonly Change<string>[];
  /** Waits until it knows what the API server has, and answers with that: versions by name. */
  readonly caughtUp: () => Promise<Readonly<Record<string, string>>>;
  readonly stop: () => Promise<void>;
}

export function watchRoutes(of: {
  readonly kubeconfig: string;
  readonly controlPlane: ControlPlane;
  readonly pageSize?: number;
}): WatchedRoutes {
  const { kubeconfig, controlPlane, pageSize = 500 } = of;
  const config = loadKubeConfig(kubeconfig);
  const told: Change<string>[] = [];
  const informer = new Informer<string>({
    kube: kubeOver(config),
    path: collection,
    pageSize,
    keep: (object) => object.metadata.resourceVersion,
    onChange: (change) => told.push(change),
    clock: systemClock,
    times: { watch: 300_000, inactivity: 3_000, backoff: { baseMs: 20, capMs: 200 }, fresh: 5_000, doubt: 100 },
  });
  informer.start();
  return {
    informer,
    told,
    caughtUp: () =>
      waitFor('the informer knows what the API server has', 60, async () => {
        const truth = await versions(controlPlane);
        const known = Object.fromEntries(informer.keys().map((key) => [key, informer.get(key)]));
        return informer.isSynced && sameVersions(known, truth) ? truth : undefined;
      }),
    stop: async () => {
      await informer.stop();
      await config.close();
    },
  };
}

/**
 * What was told, read as a history: the state that each object is in after it. Throws where a change does not go on from the one
 * before, or changes nothing: then something was lost, or told twice.
 */
export function historyOf(told: readonly Change<string>[]): Readonly<Record<string, string>> {
  const state = new Map<string, string>();
  for (const { key, before, after } of told) {
    if (state.get(key) !== before || before === after) throw new Error(`${key}: ${before} → ${after} does not follow`);
    if (after === undefined) state.delete(key);
    else state.set(key, after);
  }
  return Object.fromEntries(state);
}

export async function createRoute({ request }: ControlPlane, name: string): Promise<void> {
  const of = {
    namespace,
    name,
    host: `${name}.example.com`,
    service: name,
    balancer: 'public',
    balancerNamespace: 'edge',
  };
  const path = `/apis/octopool.dev/v1alpha1/namespaces/${namespace}/serviceroutes`;
  await expectStatus(request('POST', path, hostRoute(of)), 201);
}

/** Gives it a label that it had not. */
export async function changeRoute({ request }: ControlPlane, name: string, label: string): Promise<void> {
  const path = `/apis/octopool.dev/v1alpha1/namespaces/${namespace}/serviceroutes/${name}`;
  const { body } = await request('GET', path);
  const object = body as { readonly metadata: object };
  await expectStatus(request('PUT', path, { ...object, metadata: { ...object.metadata, labels: { label } } }), 200);
}

export async function deleteRoute({ request }: ControlPlane, name: string): Promise<void> {
  const path = `/apis/octopool.dev/v1alpha1/namespaces/${namespace}/serviceroutes/${name}`;
  await expectStatus(request('DELETE', path), 200);
}

async function versions({ request }: ControlPlane): Promise<Readonly<Record<string, string>>> {
  const { body } = await request('GET', collection);
  const { items } = body as {
    readonly items: readonly { readonly metadata: { readonly name: string; readonly resourceVersion: string } }[];
  };
  return Object.fromEntries(items.map(({ metadata }) => [`${namespace}/${metadata.name}`, metadata.resourceVersion]));
}

function sameVersions(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);
}

async function expectStatus(asked: Promise<{ readonly status: number; readonly body: unknown }>, status: number) {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
}
