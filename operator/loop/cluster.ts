import type { BalancerName } from '../core/model/brand.ts';
import type { NodePortService } from '../core/model/node-port-service.ts';
import type { EventNote, NodePortReport, Report } from '../core/model/report.ts';
import type { BalancerObject, NodeObject, Snapshot } from '../core/model/snapshot.ts';
import type { Uid } from '../core/model/brand.ts';

export type Written = 'written' | 'refused';

/** What the loop needs of Kubernetes. The room `kube` offers it; main wires them. */
export interface Cluster {
  /** UID of the namespace kube-system. */
  readonly uid: Uid;
  /** Reads synced caches only; never waits, never throws. */
  read(name: BalancerName): Snapshot;
  /** UIDs of every SharedBalancer there is, and of every Service that has a load balancer of its own. */
  balancers(): readonly Uid[];
  /** UIDs of all SharedBalancers, Services and Ingresses. */
  living(): ReadonlySet<Uid>;
  nodes(): readonly NodeObject[];
  /** NodePort Services that ask for a way to the nodes, and Services that were told of one. */
  nodePortServices(): readonly NodePortService[];
  /**
   * Puts our finalizer on what a balancer stands for; asks the API server itself. `gone`: it, as it was decided about, is not there
   * any more. Throws as `write` does.
   */
  hold(balancer: Pick<BalancerObject, 'kind' | 'meta'>, signal: AbortSignal): Promise<'held' | 'gone'>;
  /**
   * Finalizer first, then statuses by server-side apply, then events. `refused`: single ones were, and are to be tried again. Throws when
   * the API server cannot be reached.
   */
  write(report: Report, signal: AbortSignal): Promise<Written>;
  /** The condition NodePortReachable of Services, under a field manager of its own, and events. Throws as `write` does. */
  tellNodePorts(reports: readonly NodePortReport[], signal: AbortSignal): Promise<void>;
  /** Takes our address off Ingresses whose class is not ours any more; one that is refused is logged. Throws as `write` does. */
  letIngressesGo(signal: AbortSignal): Promise<void>;
  /** Tells of something that concerns no single balancer. */
  note(event: EventNote, signal: AbortSignal): Promise<void>;
}
