import { type BalancerName, objectName, unplacedClassName } from '../core/model/brand.ts';
import { namedBackends } from '../core/model/named-backends.ts';
import type { IngressObject, ServiceRouteObject } from '../core/model/snapshot.ts';
import type { AttachedRecord } from './attached-record.ts';
import type { IngressClassRecord } from './ingress-class-record.ts';
import type { IngressRecord } from './ingress-record.ts';
import type { Kept } from './kept.ts';
import { ObjectIndex } from './object-index.ts';
import { attachedService, type ServiceEntry, subjectName } from './service-entry.ts';

const toldWord = 'told';

type Routes = Kept<AttachedRecord<ServiceRouteObject>>;

/** Who is attached to which balancer, whatever kind of object says it. An Ingress says it by its class. */
export class Attachments {
  readonly #routesOfBalancer = new ObjectIndex<Routes>(({ record }) => [record.balancer]);
  readonly #routesOfNamespace = new ObjectIndex<Routes>(({ record }) => [record.namespace]);
  readonly #servicesOfBalancer = new ObjectIndex<Kept<ServiceEntry>>(({ record }) =>
    words(attachedService(record)?.balancer),
  );
  readonly #attachedServicesOfNamespace = new ObjectIndex<Kept<ServiceEntry>>(({ record }) =>
    words(attachedService(record)?.namespace),
  );
  readonly #subjects = new ObjectIndex<Kept<ServiceEntry>>(({ record }) => words(subjectName(record)));
  readonly #dedicated = new ObjectIndex<Kept<ServiceEntry>>(({ record }) =>
    record.place.kind === 'dedicated' ? words(subjectName(record)) : [],
  );
  readonly #ingressesOfClass = new ObjectIndex<Kept<IngressRecord>>(({ record }) =>
    words(record.ingress.ingress.className),
  );
  readonly #toldIngresses = new ObjectIndex<Kept<IngressRecord>>(({ record }) => (record.told ? [toldWord] : []));
  readonly #ingressesOfNamespace = new ObjectIndex<Kept<IngressRecord>>(({ record }) => [
    record.ingress.meta.namespace,
  ]);
  readonly #classes = new ObjectIndex<Kept<IngressClassRecord>>(({ record }) => [record.name]);
  readonly #classesOfBalancer = new ObjectIndex<Kept<IngressClassRecord>>(({ record }) => words(this.ledTo(record)));
  readonly #defaultBalancer: BalancerName | undefined;

  /** To be fed with the changes of informers. */
  readonly ofRoutes = [this.#routesOfBalancer, this.#routesOfNamespace];
  readonly ofServices = [this.#servicesOfBalancer, this.#attachedServicesOfNamespace, this.#subjects, this.#dedicated];
  readonly ofIngresses = [this.#ingressesOfClass, this.#ingressesOfNamespace, this.#toldIngresses];
  readonly ofClasses = [this.#classes, this.#classesOfBalancer];

  constructor(defaultBalancer: BalancerName | undefined) {
    this.#defaultBalancer = defaultBalancer;
  }

  to(balancer: BalancerName): readonly AttachedRecord[] {
    const ingresses = this.#classesOfBalancer.find(balancer).flatMap(({ record }) => this.ofClass(record.name));
    return [
      ...this.#routesOfBalancer.find(balancer).map(({ record }) => record),
      ...this.#servicesOfBalancer.find(balancer).flatMap(({ record }) => attachedService(record) ?? []),
      ...ingresses,
    ];
  }

  in(namespace: string): readonly AttachedRecord[] {
    return [
      ...this.#routesOfNamespace.find(namespace).map(({ record }) => record),
      ...this.#attachedServicesOfNamespace.find(namespace).flatMap(({ record }) => attachedService(record) ?? []),
      ...this.#ingressesOfNamespace.find(namespace).flatMap(({ record }) => this.#attachedIngress(record) ?? []),
    ];
  }

  names(): readonly BalancerName[] {
    const indexes = [this.#routesOfBalancer, this.#servicesOfBalancer, this.#classesOfBalancer, this.#subjects];
    // each of these is filled with names of balancers
    return [...new Set(indexes.flatMap((index) => index.words()))].map((word) => word as BalancerName);
  }

  /** Services that have a load balancer of their own. */
  dedicated(): readonly BalancerName[] {
    return this.#dedicated.words().map((word) => word as BalancerName); // filled with such names
  }

  ofClass(className: string): readonly AttachedRecord[] {
    return this.#ingressesOfClass.find(className).flatMap(({ record }) => this.#attachedIngress(record) ?? []);
  }

  /** Ingresses that still say what we told them, and whose class is not ours any more. */
  left(): readonly IngressObject[] {
    const told = this.#toldIngresses.find(toldWord).map(({ record }) => record);
    return told.flatMap(({ ingress, deleting }) => (deleting || this.balancerOf(ingress) !== undefined ? [] : ingress));
  }

  /** undefined: its class is not ours. */
  balancerOf({ ingress }: IngressObject): BalancerName | undefined {
    const { className } = ingress;
    const [found] = className === undefined ? [] : this.#classes.find(className);
    return found === undefined ? undefined : this.ledTo(found.record);
  }

  /** Whoever uses a class of ours that leads nowhere is to be told so. */
  ledTo({ name, ours, parameters, balancer }: IngressClassRecord): BalancerName | undefined {
    if (!ours) return undefined;
    const meant = parameters === 'none' ? this.#defaultBalancer : balancer;
    return meant ?? unplacedClassName(name);
  }

  #attachedIngress({ ingress, deleting }: IngressRecord): AttachedRecord | undefined {
    const balancer = this.balancerOf(ingress);
    if (balancer === undefined) return undefined;
    const { namespace, name } = ingress.meta;
    const services = new Set(namedBackends(ingress, []).map(({ service }) => service));
    return { key: objectName(namespace, name), namespace, balancer, services, deleting, route: ingress };
  }
}

function words(word: string | undefined): readonly string[] {
  return word === undefined ? [] : [word];
}
