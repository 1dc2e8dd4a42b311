import type { Problem } from '../model/reason.ts';
import type { Labels } from '../model/terms.ts';
import { type AnnotationKey, said } from './annotations.ts';

/** Annotations that are understood and not served, each with what to do instead. */
const refused: readonly (readonly [AnnotationKey, string])[] = [
  [
    'loadbalancer.openstack.org/class',
    'a class section of a configuration file does not exist here. Name a SharedBalancer instead of a class section, by octopool.dev/balancer.',
  ],
  [
    'loadbalancer.openstack.org/default-tls-container-ref',
    'it could name any secret of the project, and TLS that ends at the load balancer is not served yet. Let the backend end it, or take the annotation off.',
  ],
  ['octopool.dev/https-redirect', 'it needs TLS, which is not served yet. Take the annotation off.'],
];

export function refusedAnnotation(annotations: Labels): Problem | undefined {
  const found = refused.find(([key]) => annotations[key] !== undefined);
  return found === undefined ? undefined : unsupported(`Annotation ${found[0]}: ${found[1]}`);
}

/** `known`: the load balancer that serves the Service. */
export function foreignBalancer(annotations: Labels, known: string | undefined): Problem | undefined {
  const asked = said(annotations, 'loadbalancer.openstack.org/load-balancer-id');
  if (asked === undefined || asked === known) return undefined;
  return unsupported(
    `Annotation loadbalancer.openstack.org/load-balancer-id: the Service is not served by load balancer ${asked}, and one that exists is not taken over yet. Take the annotation off, or name a SharedBalancer by octopool.dev/balancer.`,
  );
}

export function unsupported(message: string): Problem {
  return { reason: 'UnsupportedValue', message };
}
