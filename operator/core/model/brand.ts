/** A string (or number) that only the function which checked or made it can produce. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name };

/** UID of a Kubernetes object. */
export type Uid = Brand<string, 'Uid'>;
/**
 * `namespace/name` of a SharedBalancer: the key of a queue entry and of `status.balancer`. Of a Service that has a load balancer of
 * its own: `namespace/service:name`; of an IngressClass of ours that names no balancer: `/class:name`. No name of Kubernetes has a colon.
 */
export type BalancerName = Brand<string, 'BalancerName'>;
/** `namespace/name` of any namespaced object. */
export type ObjectName = Brand<string, 'ObjectName'>;
/** UUID that OpenStack gave to one of its objects. */
export type CloudId = Brand<string, 'CloudId'>;
/** An IP address in canonical text form; the edge used a library to parse it. */
export type IpAddress = Brand<string, 'IpAddress'>;

/** Time as milliseconds since the epoch; always handed in, never asked for. */
export type Instant = Brand<number, 'Instant'>;
/** Milliseconds. */
export type Milliseconds = number;

/** SHA-256 of a text as lower-case hex; handed in because core knows no crypto. */
export type Digest = (text: string) => string;

export function balancerName(namespace: string, name: string): BalancerName {
  return `${namespace}/${name}` as BalancerName;
}

/** The key of a Service that may have, or have had, a load balancer of its own. */
export function dedicatedName(namespace: string, name: string): BalancerName {
  return `${namespace}/${dedicated}${name}` as BalancerName;
}

const dedicated = 'service:';

/** The key of Ingresses that are ours to serve, but nobody says where. */
export function unplacedClassName(ingressClass: string): BalancerName {
  return `/${unplaced}${ingressClass}` as BalancerName;
}

const unplaced = 'class:';

/** Which object a balancer's name stands for. */
export function readBalancerName(balancer: BalancerName): {
  readonly kind: 'SharedBalancer' | 'Service' | 'IngressClass';
  /** Empty for what has none. */
  readonly namespace: string;
  readonly name: string;
} {
  const at = balancer.indexOf('/');
  const [namespace, name] = [balancer.slice(0, at), balancer.slice(at + 1)];
  if (name.startsWith(dedicated)) return { kind: 'Service', namespace, name: name.slice(dedicated.length) };
  if (name.startsWith(unplaced)) return { kind: 'IngressClass', namespace, name: name.slice(unplaced.length) };
  return { kind: 'SharedBalancer', namespace, name };
}

export function objectName(namespace: string, name: string): ObjectName {
  return `${namespace}/${name}` as ObjectName;
}
