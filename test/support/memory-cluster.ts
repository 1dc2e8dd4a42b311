import { type BalancerName, balancerName, objectName, type Uid } from '../../operator/core/model/brand.ts';
import type { EventNote, Report } from '../../operator/core/model/report.ts';
import type { NodeObject, Snapshot } from '../../operator/core/model/snapshot.ts';
import { balancerRecord } from '../../operator/kube/balancer-record.ts';
import { endpointSliceRecord } from '../../operator/kube/endpoint-slice-record.ts';
import type { KubeObject } from '../../operator/kube/kube-object.ts';
import { nodeRecord } from '../../operator/kube/node-record.ts';
import { type RouteRecord, routeRecord } from '../../operator/kube/route-record.ts';
import { serviceRecord } from '../../operator/kube/service-record.ts';
import type { Cluster } from '../../operator/loop/cluster.ts';
import { endpointsByService } from './endpoints-by-service.ts';
import type { Manifest } from './manifests.ts';
import { cluster as clusterUid } from './core-fixtures.ts';

/**
 * Kubernetes without an API server, for long runs: it keeps objects, gives them uids and generations as the API server would, and takes
 * the reports of passes. What an API server does beyond that is proved on a real one.
 */
export class MemoryCluster implements Cluster {
  readonly uid: Uid = clusterUid;
  readonly events: EventNote[] = [];
  statusWrites = 0;
  readonly #objects = new Map<string, KubeObject & { readonly kind: string }>();
  #made = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** As kubectl apply: a spec that differs makes a new generation; status and finalizers stay. */
  apply(...manifests: readonly Manifest[]): void {
    for (const manifest of manifests) {
      const given = JSON.parse(JSON.stringify(manifest)) as KubeObject & { readonly kind: string };
      const name = keyOf(given);
      const before = this.#objects.get(name);
      const same = before !== undefined && JSON.stringify(before['spec']) === JSON.stringify(given['spec']);
      this.#made += 1;
      this.#objects.set(name, {
        ...before,
        ...given,
        metadata: {
          ...this.#identity(before),
          ...given.metadata,
          resourceVersion: String(this.#made),
          generation: (before?.metadata.generation ?? 0) + (same ? 0 : 1),
        },
      });
    }
  }

  /** As kubectl delete: with a finalizer the object stays, marked. */
  remove(kind: string, namespace: string | undefined, name: string): void {
    const key = keyOf({ kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });
    const there = this.#objects.get(key);
    if (there === undefined) return;
    if ((there.metadata.finalizers ?? []).length === 0) this.#objects.delete(key);
    else
      this.#objects.set(key, {
        ...there,
        metadata: { ...there.metadata, deletionTimestamp: new Date(this.#now()).toISOString() },
      });
  }

  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(keyOf({ kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } }));
  }

  all(kind: string): readonly KubeObject[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind);
  }

  balancers(): readonly BalancerName[] {
    return this.all('SharedBalancer').map(({ metadata }) => balancerName(metadata.namespace ?? '', metadata.name));
  }

  /** Balancers that there are, and those that a route names. */
  keys(): readonly BalancerName[] {
    return [...new Set([...this.balancers(), ...this.#routes().map((record) => record.balancer)])].toSorted();
  }

  nodes(): readonly NodeObject[] {
    return this.all('Node')
      .map(nodeRecord)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  read(name: BalancerName): Snapshot {
    const routes = this.#routes()
      .filter((record) => record.balancer === name && !record.deleting)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const balancer = this.all('SharedBalancer')
      .map(balancerRecord)
      .find(({ meta }) => balancerName(meta.namespace, meta.name) === name);
    const namespaces = new Set([...routes.map((record) => record.namespace), name.split('/')[0] ?? '']);
    const services = this.all('Service')
      .map(serviceRecord)
      .filter((service) => namespaces.has(service.namespace));
    return {
      cluster: this.uid,
      name,
      balancer,
      routes: routes.map((record) => record.route),
      namespaces: new Map(this.all('Namespace').map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
      services: new Map(services.map((service) => [objectName(service.namespace, service.name), service])),
      endpoints: endpointsByService(this.all('EndpointSlice').map(endpointSliceRecord)),
      nodes: this.nodes(),
    };
  }

  #identity(before: KubeObject | undefined): Pick<KubeObject['metadata'], 'uid' | 'creationTimestamp'> {
    return {
      uid: `00000000-0000-4000-8000-${String(this.#made).padStart(12, '0')}`,
      creationTimestamp: new Date(this.#now()).toISOString(),
      ...before?.metadata,
    };
  }

  async write(report: Report): Promise<void> {
    const [namespace, name] = report.name.split('/');
    this.#finalizer(report, namespace, name);
    if (report.balancer !== undefined) this.#status('SharedBalancer', report.name, report.balancer);
    for (const route of report.routes) this.#status('ServiceRoute', route.name, route.status);
    this.events.push(...report.events);
  }

  async note(event: EventNote): Promise<void> {
    this.events.push(event);
  }

  #routes(): readonly RouteRecord[] {
    return this.all('ServiceRoute').map(routeRecord);
  }

  #status(kind: string, key: string, status: unknown): void {
    const there = this.#objects.get(`${kind} ${key}`);
    if (there === undefined) return;
    this.statusWrites += 1;
    this.#objects.set(`${kind} ${key}`, { ...there, status: JSON.parse(JSON.stringify(status)) as unknown });
  }

  #finalizer({ finalizer }: Report, namespace: string | undefined, name: string | undefined): void {
    const key = `SharedBalancer ${namespace}/${name}`;
    const there = this.#objects.get(key);
    if (there === undefined || finalizer === undefined) return;
    if (finalizer === 'remove') this.#objects.delete(key);
    else this.#objects.set(key, { ...there, metadata: { ...there.metadata, finalizers: ['octopool.dev/balancer'] } });
  }
}

function keyOf(object: {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}) {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? `${object.kind} ${name}` : `${object.kind} ${namespace}/${name}`;
}
