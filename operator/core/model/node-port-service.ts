import type { PlainServiceObject, ServiceObject } from './snapshot.ts';

/** CIDRs from which the node ports of a Service are to be reached. */
export const sourcesAnnotation = 'octopool.dev/node-port-sources';
/** How many nodes are to have a public address for it. */
export const addressesAnnotation = 'octopool.dev/node-floating-ips';

/** A Service that wants its node ports reached from outside, or that was told of it once. */
export interface NodePortService {
  readonly object: PlainServiceObject;
  readonly ports: ServiceObject['ports'];
}

/** Other types have node ports too, but there these are the business of their load balancer. */
export function asksForNodes({ service }: PlainServiceObject): boolean {
  const asked = [sourcesAnnotation, addressesAnnotation].some((name) => service.annotations[name] !== undefined);
  return service.type === 'NodePort' && asked;
}

/** The pass over the nodes has something to do for it, or to take back from it. */
export function concernsNodes(object: PlainServiceObject): boolean {
  return asksForNodes(object) || object.service.recordedReachable !== undefined;
}
