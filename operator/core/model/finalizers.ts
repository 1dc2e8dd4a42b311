import type { Condition } from './snapshot.ts';

/** Ours, by the kind of object that a balancer stands for. That of a Service is the one which Kubernetes has for it. */
export const finalizers = {
  SharedBalancer: 'octopool.dev/balancer',
  Service: 'service.kubernetes.io/load-balancer-cleanup',
} as const;

/** Whether we served it: the sign by which a Service is known for ours. `conditions`: ours, without the prefix. */
export function isSigned(conditions: readonly Pick<Condition, 'type'>[]): boolean {
  return conditions.some(({ type }) => type === 'Accepted');
}

/** Whether a Service holds the finalizer for a load balancer of ours. Alone it says nothing: it is the cloud provider's too. */
export function holdsOwnBalancer(of: {
  readonly finalizers: readonly string[];
  readonly conditions: readonly Pick<Condition, 'type'>[];
}): boolean {
  return of.finalizers.includes(finalizers.Service) && isSigned(of.conditions);
}
