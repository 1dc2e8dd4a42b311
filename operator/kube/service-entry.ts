import { type BalancerName, dedicatedName } from '../core/model/brand.ts';
import { concernsNodes, type NodePortService } from '../core/model/node-port-service.ts';
import type { Place } from '../core/model/plain-service.ts';
import type { PlainServiceObject, ServiceObject } from '../core/model/snapshot.ts';
import type { AttachedRecord } from './attached-record.ts';
import type { KubeObject } from './kube-object.ts';
import { plainServiceRecord } from './plain-service-record.ts';
import { serviceRecord } from './service-record.ts';

/** One Service in both of its parts: what answers behind it, and what it asks for itself. */
export interface ServiceEntry {
  readonly service: ServiceObject;
  /** Of those that ask for something, or that once did; undefined: a Service like most. */
  readonly plain: PlainServiceObject | undefined;
  readonly place: Place;
}

export function serviceEntry(object: KubeObject, placeOf: (service: PlainServiceObject) => Place): ServiceEntry {
  const plain = plainServiceRecord(object);
  const place = placeOf(plain);
  return {
    service: serviceRecord(object),
    plain: place.kind === 'none' && !isMarked(plain) ? undefined : plain,
    place,
  };
}

/** By us: something is to be cleaned up, or told. */
function isMarked(plain: PlainServiceObject): boolean {
  return plain.status.conditions.length > 0 || concernsNodes(plain);
}

/** The Service as an input of a balancer that it shares. */
export function attachedService({ service, plain, place }: ServiceEntry): AttachedRecord | undefined {
  return plain === undefined || place.kind !== 'pooled' ? undefined : attached(plain, service, place.balancer);
}

/** The Service as something that the pass over the nodes looks at. */
export function nodePortService({ service, plain }: ServiceEntry): NodePortService | undefined {
  return plain === undefined || !concernsNodes(plain) ? undefined : { object: plain, ports: service.ports };
}

/** Of which key a Service is the subject. */
export function subjectName({ service, plain }: ServiceEntry): BalancerName | undefined {
  return plain === undefined ? undefined : dedicatedName(service.namespace, service.name);
}

function attached(route: PlainServiceObject, service: ServiceObject, balancer: BalancerName): AttachedRecord {
  const { namespace, name } = service;
  return {
    key: `${namespace}/${name}`,
    namespace,
    balancer,
    services: new Set([name]),
    deleting: route.service.deletedAt !== undefined,
    route,
  };
}
