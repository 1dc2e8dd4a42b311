import { type BalancerName, readBalancerName } from '../core/model/brand.ts';
import type { Problem } from '../core/model/reason.ts';
import type { RouteObject } from '../core/model/snapshot.ts';

/** Why nobody serves what is attached to a name behind which there is no balancer. */
export function noBalancer(balancer: BalancerName, asker: RouteObject['kind']): Problem {
  const { kind, name } = readBalancerName(balancer);
  if (kind === 'IngressClass')
    return {
      reason: 'NoBalancer',
      message: `IngressClass ${name} names no SharedBalancer. Give it parameters with apiGroup octopool.dev, kind SharedBalancer, scope Namespace, namespace and name; or none, and the operator a --default-balancer.`,
    };
  return {
    reason: 'BalancerNotFound',
    message: `There is no SharedBalancer ${balancer}. Create it, or ${another[asker]}.`,
  };
}

/** How each kind of object comes by another one. */
const another: Readonly<Record<RouteObject['kind'], string>> = {
  ServiceRoute: 'name another in a new route',
  Service: 'name another by the annotation octopool.dev/balancer',
  Ingress: 'correct the parameters of the IngressClass',
};
