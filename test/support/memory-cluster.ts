import {
  type BalancerName,
  balancerName,
  dedicatedName,
  objectName,
  readBalancerName,
  type Uid,
} from '../../operator/core/model/brand.ts';
import { placeOf } from '../../operator/core/intake/place.ts';
import type { PlacePolicy } from '../../operator/core/model/plain-service.ts';
import type { NodePortService } from '../../operator/core/model/node-port-service.ts';
import type { EventNote, NodePortReport, Report } from '../../operator/core/model/report.ts';
import type { BalancerObject, NodeObject, Snapshot } from '../../operator/core/model/snapshot.ts';
import type { AttachedRecord } from '../../operator/kube/attached-record.ts';
import type { Attachments } from '../../operator/kube/attachments.ts';
import { balancerRecord } from '../../operator/kube/balancer-record.ts';
import { endpointSliceRecord } from '../../operator/kube/endpoint-slice-record.ts';
import { ingressRecord } from '../../operator/kube/ingress-record.ts';
import { keyOf, type KubeObject } from '../../operator/kube/kube-object.ts';
import { nodeRecord } from '../../operator/kube/node-record.ts';
import { nodePortService, type ServiceEntry, serviceEntry } from '../../operator/kube/service-entry.ts';
import type { Cluster } from '../../operator/loop/cluster.ts';
import { attachedInputs, ownClassesOnly } from './attached-inputs.ts';
import { endpointsByService } from './endpoints-by-service.ts';
import type { Manifest } from './manifests.ts';
import { cluster as clusterUid } from './core-fixtures.ts';

type Kept = KubeObject & { readonly kind: string };

/**
 * Kubernetes without an API server, for long runs: it keeps objects, gives them uids and generations as the API server would, and takes
 * the reports of passes. What an API server does beyond that is proved on a real one.
 */
export class MemoryCluster implements Cluster {
  readonly uid: Uid;
  readonly events: EventNote[] = [];
  statusWrites = 0;
  /** By kind, then by key. */
  readonly #kinds = new Map<string, Map<string, Kept>>();
  /** Objects are replaced, never changed, so each is read once. */
  #records = new WeakMap<KubeObject, unknown>();
  #made = 0;
  readonly #now: () => number;

  #policy: PlacePolicy;

  constructor(now: () => number, policy: PlacePolicy = ownClassesOnly, uid: Uid = clusterUid) {
    this.uid = uid;
    this.#now = now;
    this.#policy = policy;
  }

  /** What the next process is told about Services: it reads all objects anew. */
  set policy(policy: PlacePolicy) {
    this.#policy = policy;
    this.#records = new WeakMap();
  }

  /** As kubectl apply: a spec that differs makes a new generation; status and finalizers stay. */
  apply(...manifests: readonly Manifest[]): void {
    for (const manifest of manifests) {
      const given = JSON.parse(JSON.stringify(manifest)) as Kept;
      const there = this.#of(given.kind);
      const name = keyOf(given);
      const before = there.get(name);
      const same = before !== undefined && JSON.stringify(before['spec']) === JSON.stringify(given['spec']);
      this.#made += 1;
      there.set(name, {
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
    const key = nameOf(namespace, name);
    const there = this.#of(kind).get(key);
    if (there === undefined) return;
    if ((there.metadata.finalizers ?? []).length === 0) this.#of(kind).delete(key);
    else
      this.#of(kind).set(key, {
        ...there,
        metadata: { ...there.metadata, deletionTimestamp: new Date(this.#now()).toISOString() },
      });
  }

  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#of(kind).get(nameOf(namespace, name));
  }

  all(kind: string): readonly KubeObject[] {
    return [...this.#of(kind).values()];
  }

  #of(kind: string): Map<string, Kept> {
    const there = this.#kinds.get(kind) ?? new Map<string, Kept>();
    this.#kinds.set(kind, there);
    return there;
  }

  balancers(): readonly Uid[] {
    const dedicated = this.#services().filter(({ place }) => place.kind === 'dedicated');
    return [
      ...this.all('SharedBalancer').map(({ metadata }) => metadata.uid as Uid),
      ...dedicated.map(({ service }) => service.uid),
    ];
  }

  living(): ReadonlySet<Uid> {
    const kinds = ['SharedBalancer', 'Service', 'Ingress'];
    return new Set(kinds.flatMap((kind) => this.all(kind).map(({ metadata }) => metadata.uid as Uid)));
  }

  /** Balancers that there are, those that something names, and Services that are told by themselves. */
  keys(): readonly BalancerName[] {
    const shared = this.all('SharedBalancer').map(({ metadata }) =>
      balancerName(metadata.namespace ?? '', metadata.name),
    );
    return [...new Set([...shared, ...this.#attachments().names()])].toSorted();
  }

  nodes(): readonly NodeObject[] {
    return this.#read('Node', nodeRecord).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  nodePortServices(): readonly NodePortService[] {
    return this.#services().flatMap((entry) => nodePortService(entry) ?? []);
  }

  read(name: BalancerName): Snapshot {
    const routes = this.#attachments()
      .to(name)
      .filter((record) => !record.deleting)
      .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    const balancer = this.#read('SharedBalancer', balancerRecord).find(
      ({ meta }) => balancerName(meta.namespace, meta.name) === name,
    );
    const is = readBalancerName(name);
    const namespaces = new Set([...routes.map((record) => record.namespace), is.namespace]);
    const entries = this.#services().filter(({ service }) => namespaces.has(service.namespace));
    const subject = entries.find(
      ({ service }) => is.kind === 'Service' && service.namespace === is.namespace && service.name === is.name,
    );
    return {
      cluster: this.uid,
      name,
      balancer,
      routes: routes.map((record) => record.route),
      namespaces: new Map(this.all('Namespace').map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
      services: new Map(entries.map(({ service }) => [objectName(service.namespace, service.name), service])),
      endpoints: endpointsByService(this.#read('EndpointSlice', endpointSliceRecord)),
      nodes: this.nodes(),
      subject: subject?.plain,
    };
  }

  #identity(before: KubeObject | undefined): Pick<KubeObject['metadata'], 'uid' | 'creationTimestamp'> {
    return {
      uid: `00000000-0000-4000-8000-${String(this.#made).padStart(12, '0')}`,
      creationTimestamp: new Date(this.#now()).toISOString(),
      ...before?.metadata,
    };
  }

  async hold({ kind, meta }: Pick<BalancerObject, 'kind' | 'meta'>): Promise<'held' | 'gone'> {
    const { namespace, name } = meta;
    if (this.get(kind, namespace, name)?.metadata.uid !== meta.uid) return 'gone';
    this.#finalizer(kind === 'Service' ? dedicatedName(namespace, name) : balancerName(namespace, name), 'add');
    return 'held';
  }

  async write(report: Report): Promise<'written'> {
    this.#finalizer(report.name, report.finalizer);
    if (report.balancer !== undefined) this.#status('SharedBalancer', report.name, report.balancer);
    for (const route of report.routes) this.#status(route.kind, route.name, route.status);
    this.events.push(...report.events);
    return 'written';
  }

  async tellNodePorts(reports: readonly NodePortReport[]): Promise<void> {
    for (const { name, condition, events } of reports) {
      this.#status('Service', name, condition === undefined ? {} : { conditions: [condition] }, 'nodes');
      this.events.push(...events);
    }
  }

  async letIngressesGo(): Promise<void> {
    const attachments = this.#attachments();
    for (const { ingress } of this.#read('Ingress', ingressRecord))
      if (ingress.recordedIngress.length > 0 && attachments.balancerOf(ingress) === undefined)
        this.#status('Ingress', objectName(ingress.meta.namespace, ingress.meta.name), {});
  }

  async note(event: EventNote): Promise<void> {
    this.events.push(event);
  }

  #services(): readonly ServiceEntry[] {
    return this.#read('Service', (object) => serviceEntry(object, (service) => placeOf(service, this.#policy)));
  }

  #attachments(): Attachments {
    return attachedInputs(
      (kind, recordOf) => this.#read(kind, recordOf),
      this.#services(),
      this.#policy.defaultBalancer,
    );
  }

  #read<Record>(kind: string, recordOf: (object: KubeObject) => Record): readonly Record[] {
    return this.all(kind).map((object) => {
      const there = this.#records.get(object);
      if (there !== undefined) return there as Record; // of one kind there is one record
      const made = recordOf(object);
      this.#records.set(object, made);
      return made;
    });
  }

  #status(kind: string, key: string, status: unknown, part: 'pass' | 'nodes' = 'pass'): void {
    const there = this.#of(kind).get(key);
    if (there === undefined) return;
    this.statusWrites += 1;
    const written = JSON.parse(JSON.stringify(status)) as object;
    this.#of(kind).set(key, { ...there, status: kind === 'Service' ? applied(there, written, part) : written });
  }

  #finalizer(balancer: BalancerName, finalizer: Report['finalizer']): void {
    const { kind, namespace, name } = readBalancerName(balancer);
    const key = `${namespace}/${name}`;
    const there = this.#of(kind).get(key);
    if (there === undefined || finalizer === undefined) return;
    const ours = kind === 'Service' ? 'service.kubernetes.io/load-balancer-cleanup' : 'octopool.dev/balancer';
    if (finalizer === 'remove' && there.metadata.deletionTimestamp !== undefined) {
      this.#of(kind).delete(key);
      return;
    }
    const others = (there.metadata.finalizers ?? []).filter((one) => one !== ours);
    const finalizers = finalizer === 'add' ? [...others, ours] : others;
    this.#of(kind).set(key, { ...there, metadata: { ...there.metadata, finalizers } });
  }
}

/** Two field managers write conditions of a Service: each replaces its own. */
function applied(there: Kept, status: object, part: 'pass' | 'nodes'): object {
  const before = there['status'] as object | undefined;
  const others = conditionsOf(before).filter(
    ({ type }) => (type === 'octopool.dev/NodePortReachable') !== (part === 'nodes'),
  );
  const conditions = [...others, ...conditionsOf(status)];
  const { conditions: _written, ...rest } = { conditions, ...(part === 'nodes' ? before : status) };
  return conditions.length === 0 ? rest : { ...rest, conditions };
}

function conditionsOf(status: unknown): readonly { readonly type: string }[] {
  return (status as { readonly conditions?: readonly { readonly type: string }[] } | undefined)?.conditions ?? [];
}

/** As the API server keeps them apart: by kind, then by name. */
function sortKey({ route, key }: AttachedRecord): string {
  return `${route.kind} ${key}`;
}

function nameOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
