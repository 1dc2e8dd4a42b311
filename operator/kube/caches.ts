import { type BalancerName, objectName } from '../core/model/brand.ts';
import type { Place } from '../core/model/plain-service.ts';
import type {
  BalancerObject,
  EndpointObject,
  IngressObject,
  NodeObject,
  PlainServiceObject,
  ServiceObject,
  ServiceRouteObject,
} from '../core/model/snapshot.ts';
import type { Labels } from '../core/model/terms.ts';
import { balancerRecord } from './balancer-record.ts';
import type { Clock } from './clock.ts';
import {
  type Lookups,
  type Wake,
  wokenByBalancer,
  wokenByEndpoints,
  wokenByIngress,
  wokenByIngressClass,
  wokenByNamespace,
  wokenByNode,
  wokenByRoute,
  wokenByService,
} from './concerned-keys.ts';
import { type EndpointSliceRecord, endpointSliceRecord } from './endpoint-slice-record.ts';
import { type Change, Informer, type InformerState } from './informer.ts';
import { type Kept, keptByOwner, keptEntry, keptWhole } from './kept.ts';
import { apiPath, type KubeObject } from './kube-object.ts';
import type { Kube } from './kube-request.ts';
import { nodeRecord } from './node-record.ts';
import { ObjectIndex } from './object-index.ts';
import type { AttachedRecord } from './attached-record.ts';
import { Attachments } from './attachments.ts';
import { type IngressClassRecord, ingressClassRecord } from './ingress-class-record.ts';
import { type IngressRecord, ingressRecord } from './ingress-record.ts';
import { routeRecord } from './route-record.ts';
import { type ServiceEntry, serviceEntry } from './service-entry.ts';

export const octopoolVersion = 'octopool.dev/v1alpha1';

export interface CachesOptions {
  /** Which load balancer serves a Service. */
  readonly placeOf: (service: PlainServiceObject) => Place;
  /** Of Ingresses whose class names no balancer. */
  readonly defaultBalancer: BalancerName | undefined;
  readonly kube: Pick<Kube, 'json' | 'stream'>;
  readonly clock: Clock;
  readonly onWake: (wake: Wake) => void;
  readonly onState: (path: string, state: InformerState) => void;
}

/** All that is kept of Kubernetes: its informers and the words by which their objects are found. */
export class Caches {
  readonly balancers: Informer<Kept<BalancerObject>>;
  readonly routes: Informer<Kept<AttachedRecord<ServiceRouteObject>>>;
  readonly services: Informer<Kept<ServiceEntry>>;
  readonly ingresses: Informer<Kept<IngressRecord>>;
  readonly ingressClasses: Informer<Kept<IngressClassRecord>>;
  readonly endpointSlices: Informer<Kept<EndpointSliceRecord>>;
  readonly nodes: Informer<Kept<NodeObject>>;
  readonly namespaces: Informer<Kept<Labels>>;
  readonly #balancersOfNamespace = new ObjectIndex<Kept<BalancerObject>>(({ record }) => [record.meta.namespace]);
  readonly #servicesOfNamespace = new ObjectIndex<Kept<ServiceEntry>>(({ record }) => [record.service.namespace]);
  readonly #attachments: Attachments;
  readonly #slicesOfService = new ObjectIndex<Kept<EndpointSliceRecord>>(({ record: { namespace, service } }) =>
    service === undefined ? [] : [objectName(namespace, service)],
  );
  readonly #options: CachesOptions;

  constructor(options: CachesOptions) {
    this.#options = options;
    this.#attachments = new Attachments(options.defaultBalancer);
    const { ofRoutes, ofServices } = this.#attachments;
    this.balancers = this.#informer({
      path: apiPath(octopoolVersion, 'sharedbalancers'),
      keep: (object) => keptByOwner(balancerRecord(object), object),
      indexes: [this.#balancersOfNamespace],
      wake: wokenByBalancer,
    });
    this.routes = this.#informer({
      path: apiPath(octopoolVersion, 'serviceroutes'),
      keep: (object) => keptByOwner(routeRecord(object), object),
      indexes: ofRoutes,
      wake: wokenByRoute,
    });
    this.services = this.#informer({
      path: apiPath('v1', 'services'),
      keep: (object) => keptEntry(serviceEntry(object, options.placeOf), object),
      indexes: [this.#servicesOfNamespace, ...ofServices],
      wake: wokenByService,
    });
    [this.ingresses, this.ingressClasses] = this.#ingressInformers();
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

  #ingressInformers(): readonly [Informer<Kept<IngressRecord>>, Informer<Kept<IngressClassRecord>>] {
    const { ofIngresses, ofClasses } = this.#attachments;
    const ingresses = this.#informer({
      path: apiPath('networking.k8s.io/v1', 'ingresses'),
      keep: (object) => keptByOwner(ingressRecord(object), object),
      indexes: ofIngresses,
      wake: wokenByIngress,
    });
    const classes = this.#informer({
      path: apiPath('networking.k8s.io/v1', 'ingressclasses'),
      keep: (object) => keptWhole(ingressClassRecord(object)),
      indexes: ofClasses,
      wake: wokenByIngressClass,
    });
    return [ingresses, classes];
  }

  /** Resolves when every cache has been filled once. */
  async start(): Promise<void> {
    for (const informer of this.#all()) informer.start();
    await Promise.all(this.#all().map((informer) => informer.synced));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all().map((informer) => informer.stop()));
  }

  /** Resolves when all of it is as new as a list that is asked for now. */
  async refreshed(): Promise<void> {
    await Promise.all(this.#all().map((informer) => informer.refreshed()));
  }

  get synced(): boolean {
    return this.#all().every((informer) => informer.isSynced);
  }

  /** ServiceRoutes, Services and Ingresses. */
  attachedTo(balancer: BalancerName): readonly AttachedRecord[] {
    return this.#attachments.to(balancer);
  }

  /** Ingresses that still say what we told them, and whose class is not ours any more. */
  leftIngresses(): readonly IngressObject[] {
    return this.#attachments.left();
  }

  /** Balancers that something is attached to, whether they exist or not, and Services that may have one of their own. */
  named(): readonly BalancerName[] {
    return this.#attachments.names();
  }

  servicesIn(namespace: string): readonly ServiceObject[] {
    return this.#servicesOfNamespace.find(namespace).map((kept) => kept.record.service);
  }

  /** The endpoints of all slices of a Service, in an order that does not depend on the slices'; undefined: it has no slice. */
  endpointsOf({ namespace, name }: Pick<ServiceObject, 'namespace' | 'name'>): readonly EndpointObject[] | undefined {
    const slices = this.#slicesOfService.find(objectName(namespace, name));
    if (slices.length === 0) return undefined;
    return slices.flatMap(({ record }) => record.endpoints).toSorted((a, b) => (a.address < b.address ? -1 : 1));
  }

  #all(): readonly Informer<unknown>[] {
    const { balancers, routes, services, ingresses, ingressClasses, endpointSlices, nodes, namespaces } = this;
    const ofInputs = [balancers, routes, services, ingresses, ingressClasses];
    return [...ofInputs, endpointSlices, nodes, namespaces] as readonly Informer<unknown>[];
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
    dedicated: () => this.#attachments.dedicated(),
    balancer: (name) => this.balancers.get(name)?.record,
    balancersIn: (namespace) => this.#balancersOfNamespace.find(namespace).map((kept) => kept.record),
    attachedIn: (namespace) => this.#attachments.in(namespace),
    service: (name) => this.services.get(name)?.record.service,
    plain: (name) => this.services.get(name)?.record.plain,
    classOf: (ingress) => this.#attachments.balancerOf(ingress),
    ingressesOf: (className) => this.#attachments.ofClass(className),
    ledTo: (ingressClass) => this.#attachments.ledTo(ingressClass),
  };
}
