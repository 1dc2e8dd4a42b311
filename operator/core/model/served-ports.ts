import type { PlainService } from './plain-service.ts';
import type { ServiceObject } from './snapshot.ts';

type ServicePort = ServiceObject['ports'][number];

export const hostnamesKey = 'octopool.dev/hostnames';

/** By hostnames on the listeners of its balancer, in place of ports of its own. */
export function isServedByName({ annotations }: Pick<PlainService, 'annotations'>): boolean {
  return annotations[hostnamesKey] !== undefined;
}

/** Those of its ports that a balancer sends to. */
export function servedPorts(service: PlainService, ports: readonly ServicePort[]): readonly ServicePort[] {
  if (!isServedByName(service)) return ports;
  const port = httpPort(ports);
  return port === undefined ? [] : [port];
}

/** Of a Service that is served by hostnames: its only port, or the one that says it speaks HTTP. undefined: nobody can tell. */
export function httpPort(ports: readonly ServicePort[]): ServicePort | undefined {
  const [only, ...others] = ports;
  if (others.length === 0) return only;
  const saying = ports.filter((port) => speaksHttp(port));
  const named = ports.filter(({ name }) => name === 'http');
  if (saying.length > 0) return saying.length === 1 ? saying[0] : saying.find(({ name }) => name === 'http');
  return named[0];
}

export function speaksHttp({ appProtocol, protocol }: ServicePort): boolean {
  return protocol === 'TCP' && appProtocol?.toLowerCase() === 'http';
}
