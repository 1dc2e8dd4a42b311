import { type BalancerName, objectName } from '../core/model/brand.ts';
import type { BalancerObject, EndpointObject, NodeObject, ServiceObject } from '../core/model/snapshot.ts';
import type { Labels } from '../core/model/terms.ts';
import { balancerRecord } from './balancer-record.ts';
import type { Clock } from './clock.ts';
import {
  type Lookups,
  type Wake,
  wokenByBalancer,
  wokenByEndpoints,
  wokenByNamespace,
  wokenByNode,
  wokenByRoute,
  wokenByService,
} from './concerned-keys.ts';
import { type EndpointSliceRecord, endpointSliceRecord } from './endpoint-slice-record.ts';
import { type Change, Informer, type InformerState } from './informer.ts';
import { type Kept, keptByOwner, keptWhole } from './kept.ts';
import { apiPath, type KubeObject } from './kube-object.ts';
import type { Kube } from './kube-request.ts';
import { nodeRecord } from './node-record.ts';
import { ObjectIndex } from './object-index.ts';
import { type RouteRecord, routeRecord } from './route-record.ts';
import { serviceRecord } from './service-record.ts';

export const octopoolVersion = 'octopool.dev/v1alpha1';

export interface CachesOptions {
  readonly kube: Pick<Kube, 'json' | 'stream'>;
  readonly clock: Clock;
  readonly onWake: (wake: Wake) => void;
  readonly onState: (path: string, state: InformerState) => void;
}

/** All that is kept of Kubernetes: six informers and the words by which their objects are found. */
export class Caches {
  readonly balancers: Informer<Kept<BalancerObject>>;
  readonly routes: Informer<Kept<RouteRecord>>;
  readonly services: Informer<Kept<ServiceObject>>;
  readonly endpointSlices: Informer<Kept<EndpointSliceRecord>>;
  readonly nodes: Informer<Kept<NodeObject>>;
  readonly namespaces: Informer<Kept<Labels>>;
  readonly #balancersOfNamespace = new ObjectIndex<Kept<BalancerObject>>(({ record }) => [record.meta.namespace]);
  readonly #routesOfBalancer = new ObjectIndex<Kept<RouteRecord>>(({ record }) => [record.balancer]);
  readonly #routesOfNamespace = new ObjectIndex<Kept<RouteRecord>>(({ record }) => [record.namespace]);
  readonly #servicesOfNamespace = new ObjectIndex<Kept<ServiceObject>>(({ record }) => [record.namespace]);
  readonly #slicesOfService = new ObjectIndex<Kept<EndpointSliceRecord>>(({ record: { namespace, service } }) =>
    service === undefined ? [] : [objectName(namespace, service)],
  );
  readonly #options: CachesOptions;

  constructor(options: CachesOptions) {
    this.#options = options;
    this.balancers = this.#informer({
      path: apiPath(octopoolVersion, 'sharedbalancers'),
      keep: (object) => keptByOwner(balancerRecord(object), object),
      indexes: [this.#balancersOfNamespace],
      wake: wokenByBalancer,
    });
    this.routes = this.#informer({
      path: apiPath(octopoolVersion, 'serviceroutes'),
      keep: (object) => keptByOwner(routeRecord(object), object),
      indexes: [this.#routesOfBalancer, this.#routesOfNamespace],
      wake: wokenByRoute,
    });
    this.services = this.#informer({
      path: apiPath('v1', 'services'),
      keep: (object) => keptWhole(serviceRecord(object)),
      indexes: [this.#servicesOfNamespace],
      wake: wokenByService,
    });
    this.endpointSlices = this.#informer({
      path: apiPath('discovery.k8s.io/v1', 'endpointslices'),
      keep: (object) => keptWhole(endpointSliceRecord(object)),
      indexes: [this.#slicesOfService],
      wake: wokenByEndpoints,
    });
    this.nodes = this.#informer({
      path: apiPath('v1', 'nodes'),
      keep: (object) => keptWhole(nodeRecord(object)),
      indexes: [],
      wake: wokenByNode,
    });
    this.namespaces = this.#informer({
      path: apiPath('v1', 'namespaces'),
      keep: (object) => keptWhole<Labels>(object.metadata.labels ?? {}),
      indexes: [],
      wake: wokenByNamespace,
    });
  }

  /** Resolves when every cache has been filled once. */
  async start(): Promise<void> {
    for (const informer of this.#all()) informer.start();
    await Promise.all(this.#all().map((informer) => informer.synced));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all().map((informer) => informer.stop()));
  }

  get synced(): boolean {
    return this.#all().every((informer) => informer.isSynced);
  }

  routesOf(balancer: BalancerName): readonly RouteRecord[] {
    return this.#routesOfBalancer.find(balancer).map((kept) => kept.record);
  }

  servicesIn(namespace: string): readonly ServiceObject[] {
    return this.#servicesOfNamespace.find(namespace).map((kept) => kept.record);
  }

  /** The endpoints of all slices of a Service, in an order that does not depend on the slices'; undefined: it has no slice. */
  endpointsOf({ namespace, name }: Pick<ServiceObject, 'namespace' | 'name'>): readonly EndpointObject[] | undefined {
    const slices = this.#slicesOfService.find(objectName(namespace, name));
    if (slices.length === 0) return undefined;
    return slices.flatMap(({ record }) => record.endpoints).toSorted((a, b) => (a.address < b.address ? -1 : 1));
  }

  #all(): readonly Informer<unknown>[] {
    const { balancers, routes, services, endpointSlices, nodes, namespaces } = this;
    return [balancers, routes, services, endpointSlices, nodes, namespaces] as readonly Informer<unknown>[];
  }

  #informer<Record>(of: {
    readonly path: string;
    readonly keep: (object: KubeObject) => Kept<Record>;
    readonly indexes: readonly ObjectIndex<Kept<Record>>[];
    readonly wake: (change: Change<Kept<Record>>, lookups: Lookups) => Wake;
  }): Informer<Kept<Record>> {
    const { kube, clock, onWake, onState } = this.#options;
    return new Informer<Kept<Record>>({
      kube,
      clock,
      path: of.path,
      keep: of.keep,
      onState: (state) => onState(of.path, state),
      onChange: (change) => {
        for (const index of of.indexes) index.apply(change);
        // heartbeats, and statuses that we wrote ourselves, change nothing that a decision could see
        if (change.before?.footprint !== change.after?.footprint) onWake(of.wake(change, this.#lookups));
      },
    });
  }

  readonly #lookups: Lookups = {
    balancers: () => this.balancers.keys() as readonly BalancerName[],
    balancer: (name) => this.balancers.get(name)?.record,
    balancersIn: (namespace) => this.#balancersOfNamespace.find(namespace).map((kept) => kept.record),
    routesIn: (namespace) => this.#routesOfNamespace.find(namespace).map((kept) => kept.record),
    service: (name) => this.services.get(name)?.record,
  };
}
