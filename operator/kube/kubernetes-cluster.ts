import { type BalancerName, objectName, readBalancerName, type Uid } from '../core/model/brand.ts';
import type { NodePortService } from '../core/model/node-port-service.ts';
import type { EventNote, NodePortReport, Report, RouteReport } from '../core/model/report.ts';
import type { BalancerObject, NodeObject, Snapshot } from '../core/model/snapshot.ts';
import type { Logger } from '../telemetry/logger.ts';
import { errorFields } from '../telemetry/logger.ts';
import type { Caches } from './caches.ts';
import type { Clock } from './clock.ts';
import type { KubeObject } from './kube-object.ts';
import type { Kube } from './kube-request.ts';
import { writeEvent } from './write-event.ts';
import { writeFinalizer } from './write-finalizer.ts';
import { Refusals } from './refusals.ts';
import { nodePortService } from './service-entry.ts';
import { writeStatus } from './write-status.ts';

export interface ClusterOptions {
  readonly uid: Uid;
  readonly caches: Caches;
  readonly kube: Pick<Kube, 'json'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Named in events. */
  readonly identity: string;
}

/** Kubernetes as the loop needs it: snapshots out of the caches, and statuses, finalizers and events into the API server. */
export class KubernetesCluster {
  readonly uid: Uid;
  readonly #options: ClusterOptions;

  constructor(options: ClusterOptions) {
    this.uid = options.uid;
    this.#options = options;
  }

  read(name: BalancerName): Snapshot {
    const { caches } = this.#options;
    const routes = caches
      .attachedTo(name)
      .filter((record) => !record.deleting)
      .toSorted((a, b) => (`${a.route.kind} ${a.key}` < `${b.route.kind} ${b.key}` ? -1 : 1));
    const namespaces = [...new Set(routes.map((record) => record.namespace))];
    const subject = this.#subject(name);
    const { namespace: own } = readBalancerName(name);
    const services = [...new Set([...namespaces, own])].flatMap((one) => caches.servicesIn(one));
    return {
      cluster: this.uid,
      name,
      balancer: caches.balancers.get(name)?.record,
      routes: routes.map((record) => record.route),
      namespaces: new Map(namespaces.map((one) => [one, caches.namespaces.get(one)?.record ?? {}])),
      services: new Map(services.map((service) => [objectName(service.namespace, service.name), service])),
      endpoints: new Map(
        services.flatMap((service) => {
          const endpoints = caches.endpointsOf(service);
          return endpoints === undefined ? [] : [[objectName(service.namespace, service.name), endpoints] as const];
        }),
      ),
      nodes: this.nodes(),
      subject,
    };
  }

  #subject(balancer: BalancerName): Snapshot['subject'] {
    const { kind, namespace, name } = readBalancerName(balancer);
    return kind === 'Service'
      ? this.#options.caches.services.get(objectName(namespace, name))?.record.plain
      : undefined;
  }

  balancers(): readonly Uid[] {
    const { balancers, services } = this.#options.caches;
    const dedicated = services.values().filter(({ record }) => record.place.kind === 'dedicated');
    return [
      ...balancers.values().map(({ record }) => record.meta.uid),
      ...dedicated.map(({ record }) => record.service.uid),
    ];
  }

  living(): ReadonlySet<Uid> {
    const { balancers, services, ingresses } = this.#options.caches;
    return new Set([
      ...balancers.values().map(({ record }) => record.meta.uid),
      ...services.values().map(({ record }) => record.service.uid),
      ...ingresses.values().map(({ record }) => record.ingress.meta.uid),
    ]);
  }

  nodes(): readonly NodeObject[] {
    const nodes = this.#options.caches.nodes.values().map((kept) => kept.record);
    return nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  nodePortServices(): readonly NodePortService[] {
    const services = this.#options.caches.services.values().flatMap(({ record }) => nodePortService(record) ?? []);
    return services.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  async tellNodePorts(reports: readonly NodePortReport[], signal: AbortSignal): Promise<void> {
    const { caches, kube } = this.#options;
    const refusals = new Refusals();
    for (const { name: named, uid, condition, events } of reports) {
      const [namespace = '', name = ''] = named.split('/');
      const status = condition === undefined ? {} : { conditions: [condition] };
      const order = { kind: 'Service', part: 'nodes', namespace, name, uid, status } as const;
      const written = await refusals.keep(writeStatus(kube, order, signal));
      if (written === undefined) continue;
      caches.services.accept(written);
      for (const event of events) await this.note(event, signal);
    }
    refusals.tell();
  }

  async letIngressesGo(signal: AbortSignal): Promise<void> {
    const { caches, kube, log } = this.#options;
    const refusals = new Refusals();
    for (const { meta } of caches.leftIngresses()) {
      const { namespace, name, uid } = meta;
      const order = { kind: 'Ingress', namespace, name, uid, status: {} } as const;
      const written = await refusals.keep(writeStatus(kube, order, signal));
      if (written !== undefined) caches.ingresses.accept(written);
    }
    // tried again with the next pass: nothing else of that pass is to wait for it
    for (const { message } of refusals.some) log.warn('status of an Ingress that left refused', { error: message });
  }

  async hold(balancer: Pick<BalancerObject, 'kind' | 'meta'>, signal: AbortSignal): Promise<'held' | 'gone'> {
    const written = await this.#writeFinalizer(balancer, 'add', signal);
    return written === undefined ? 'gone' : 'held';
  }

  /** The finalizer first (nothing is made without it), the balancer's status before its routes', events last. */
  async write(report: Report, signal: AbortSignal): Promise<'written' | 'refused'> {
    const { caches, kube, log } = this.#options;
    const refusals = new Refusals();
    const balancer = caches.balancers.get(report.name)?.record;
    if (report.finalizer === 'add') await this.#moveFinalizer(report, 'add', signal);
    if (balancer !== undefined && report.balancer !== undefined) {
      const { namespace, name, uid } = balancer.meta;
      const order = { kind: 'SharedBalancer', namespace, name, uid, status: report.balancer } as const;
      const written = await refusals.keep(writeStatus(kube, order, signal));
      if (written !== undefined) caches.balancers.accept(written);
    }
    await this.#writeRoutes(report, refusals, signal);
    for (const event of report.events) await this.note(event, signal);
    if (report.finalizer === 'remove') await this.#moveFinalizer(report, 'remove', signal);
    for (const { message } of refusals.some) log.warn('status refused', { balancer: report.name, error: message });
    return refusals.some.length === 0 ? 'written' : 'refused';
  }

  /** Telling is worth a try and no more: an event that is refused must not stop the work that it tells of. */
  async note(event: EventNote, signal: AbortSignal): Promise<void> {
    try {
      await writeEvent(this.#options, event, signal);
    } catch (error) {
      this.#options.log.warn('event not written', { reason: event.reason, ...errorFields(error) });
    }
  }

  /** A few at a time: fifty routes that become Ready together must not wait for one another, nor storm the API server. */
  async #writeRoutes({ routes }: Report, refusals: Refusals, signal: AbortSignal): Promise<void> {
    const { kube } = this.#options;
    const waiting = [...routes];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [namespace = '', name = ''] = next.name.split('/');
        const { kind, uid, status } = next;
        const order = { kind, namespace, name, uid, status } as const;
        const written = await refusals.keep(writeStatus(kube, order, signal));
        if (written !== undefined) this.#accept(kind, written);
      }
    };
    const workers = Array.from({ length: Math.min(8, routes.length) }, worker);
    await Promise.all(workers).finally(() => waiting.splice(0));
  }

  #accept(kind: RouteReport['kind'], written: KubeObject): void {
    const { routes, services, ingresses } = this.#options.caches;
    const caches = { ServiceRoute: routes, Service: services, Ingress: ingresses };
    caches[kind].accept(written);
  }

  async #moveFinalizer({ name }: Report, move: 'add' | 'remove', signal: AbortSignal): Promise<void> {
    const { caches } = this.#options;
    const { kind } = readBalancerName(name);
    if (kind === 'IngressClass') return;
    const meta = kind === 'Service' ? this.#subject(name)?.meta : caches.balancers.get(name)?.record.meta;
    if (meta !== undefined) await this.#writeFinalizer({ kind, meta }, move, signal);
  }

  async #writeFinalizer(
    { kind, meta }: Parameters<typeof writeFinalizer>[1],
    move: 'add' | 'remove',
    signal: AbortSignal,
  ): ReturnType<typeof writeFinalizer> {
    const { caches, kube } = this.#options;
    const written = await writeFinalizer(kube, { kind, meta }, move, signal);
    if (written !== undefined) caches[kind === 'Service' ? 'services' : 'balancers'].accept(written);
    return written;
  }
}

function nameOf({ object }: NodePortService): string {
  return objectName(object.meta.namespace, object.meta.name);
}
