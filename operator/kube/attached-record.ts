import type { BalancerName } from '../core/model/brand.ts';
import type { RouteObject } from '../core/model/snapshot.ts';

/** An object that is attached to a balancer, and by what it is found. */
export interface AttachedRecord<Route extends RouteObject = RouteObject> {
  readonly key: string;
  readonly namespace: string;
  readonly balancer: BalancerName;
  /** Names of the Services it sends to, in its own namespace. */
  readonly services: ReadonlySet<string>;
  /** Marked for deletion: its claims have ended, whatever finalizers still hold it. */
  readonly deleting: boolean;
  readonly route: Route;
}
