import type { ServiceObject } from './snapshot.ts';

type ServicePort = ServiceObject['ports'][number];

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
