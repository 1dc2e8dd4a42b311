import { balancerName } from '../model/brand.ts';
import { finalizers, holdsOwnBalancer, isSigned } from '../model/finalizers.ts';
import type { Place, PlacePolicy } from '../model/plain-service.ts';
import type { Problem } from '../model/reason.ts';
import type { PlainServiceObject } from '../model/snapshot.ts';
import { internalKey, said } from './annotations.ts';

/** Class of Services that share a balancer. */
const sharedClass = 'octopool.dev/shared';
/** Class of Services that have one of their own. */
const dedicatedClass = 'octopool.dev/dedicated';
const balancerAnnotation = 'octopool.dev/balancer';

/** Whose a Service is, and which load balancer serves it (api.md §5.1). */
export function placeOf(route: PlainServiceObject, policy: PlacePolicy): Place {
  const { service } = route;
  const named = service.annotations[balancerAnnotation];
  switch (service.type) {
    case 'LoadBalancer':
      return loadBalancerPlace(route, policy);
    case 'NodePort':
      return named === undefined ? { kind: 'none' } : namedPlace(route, named);
    case 'ClusterIP':
    case 'ExternalName':
      return { kind: 'none' };
  }
}

function loadBalancerPlace(route: PlainServiceObject, policy: PlacePolicy): Place {
  const { loadBalancerClass, annotations } = route.service;
  const named = annotations[balancerAnnotation];
  switch (loadBalancerClass) {
    case sharedClass:
      return named === undefined ? defaultPlace(route, policy) : namedPlace(route, named);
    case dedicatedClass:
      // a class can never be changed, so the annotation is how such a Service moves
      return named === undefined ? { kind: 'dedicated' } : leavingPlace(route, named);
    case undefined:
      return classlessPlace(route, policy);
    default:
      return { kind: 'none' };
  }
}

function classlessPlace(route: PlainServiceObject, { classless }: PlacePolicy): Place {
  const named = route.service.annotations[balancerAnnotation];
  // the flag says whose Services are taken; what it took is served until its owner ends that, for flags get lost
  if (classless === 'left' && !wasTaken(route)) {
    if (named === undefined) return { kind: 'none' };
    return foreign('The cloud provider serves Services without a class. Set loadBalancerClass: octopool.dev/shared.');
  }
  if (servedByProvider(route))
    return foreign(
      'The cloud provider already serves this Service: it has its finalizer or its load balancer. It is left alone; make it again without them.',
    );
  return named === undefined ? { kind: 'dedicated' } : leavingPlace(route, named);
}

/** A load balancer of its own goes when its Service moves, and nobody knows whether a name that cannot be read means that. */
function leavingPlace(route: PlainServiceObject, named: string): Place {
  const place = namedPlace(route, named);
  const { service, status } = route;
  return place.kind === 'unplaced' && holdsOwnBalancer({ ...service, ...status }) ? { kind: 'dedicated' } : place;
}

/** Served by us, on a balancer that it names or by one of its own; `octopool release` takes the sign of the latter away. */
function wasTaken(route: PlainServiceObject): boolean {
  const { service, status } = route;
  const named = service.annotations[balancerAnnotation] !== undefined;
  return named ? isSigned(status.conditions) : holdsOwnBalancer({ ...service, ...status });
}

/** Marked by the cloud provider's controller, and not by us before. */
function servedByProvider({ service, status }: PlainServiceObject): boolean {
  const marked =
    service.finalizers.includes(finalizers.Service) ||
    service.annotations['loadbalancer.openstack.org/load-balancer-id'] !== undefined;
  return marked && !isSigned(status.conditions);
}

function defaultPlace({ service }: PlainServiceObject, policy: PlacePolicy): Place {
  const internal = said(service.annotations, internalKey) === true;
  const balancer = internal ? policy.defaultInternalBalancer : policy.defaultBalancer;
  if (balancer !== undefined) return { kind: 'pooled', balancer };
  const flag = internal ? '--default-internal-balancer' : '--default-balancer';
  return {
    kind: 'unplaced',
    problem: {
      reason: 'NoBalancer',
      message: `No SharedBalancer is named and the operator has no ${flag}. Name one by the annotation ${balancerAnnotation}: namespace/name.`,
    },
  };
}

const namePattern = /^(?:([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/)?([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)$/;

function namedPlace({ meta, service }: PlainServiceObject, named: string): Place {
  const problem = unreadableName(service);
  if (problem !== undefined) return { kind: 'unplaced', problem };
  const [, namespace = meta.namespace, name = ''] = namePattern.exec(named) ?? [];
  return { kind: 'pooled', balancer: balancerName(namespace, name) };
}

/** What is wrong with the name of the balancer that a Service asks for. */
export function unreadableName({ annotations }: PlainServiceObject['service']): Problem | undefined {
  const named = annotations[balancerAnnotation];
  if (named === undefined || namePattern.test(named)) return undefined;
  return {
    reason: 'Invalid',
    message: `Annotation ${balancerAnnotation}: ${JSON.stringify(named.slice(0, 128))} is no name of a SharedBalancer. Write namespace/name.`,
  };
}

function foreign(message: string): Place {
  return { kind: 'foreign', problem: { reason: 'ForeignController', message } };
}
