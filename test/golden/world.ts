import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { placeOf } from '../../operator/core/intake/place.ts';
import {
  type BalancerName,
  balancerName,
  dedicatedName,
  objectName,
  readBalancerName,
  unplacedClassName,
} from '../../operator/core/model/brand.ts';
import type { Snapshot } from '../../operator/core/model/snapshot.ts';
import { balancerRecord } from '../../operator/kube/balancer-record.ts';
import type { KubeObject } from '../../operator/kube/kube-object.ts';
import { endpointSliceRecord } from '../../operator/kube/endpoint-slice-record.ts';
import { nodeRecord } from '../../operator/kube/node-record.ts';
import { serviceEntry } from '../../operator/kube/service-entry.ts';
import { attachedInputs, ownClassesOnly } from '../support/attached-inputs.ts';
import { cluster } from '../support/core-fixtures.ts';
import { endpointsByService } from '../support/endpoints-by-service.ts';

const documentSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/**
 * The objects of a cluster as the API server would store them → what a pass over edge/public (or the Service that a case is about) reads. What a case has no reason to say
 * (uid, generation, times) is filled in from the object's name.
 */
export function readWorld(text: string): Snapshot {
  const objects = parseAllDocuments(text).map((document) => stored(documentSchema.parse(document.toJS())));
  const of = (kind: string): readonly KubeObject[] => objects.filter((object) => object['kind'] === kind);
  const entries = of('Service').map((object) => serviceEntry(object, (service) => placeOf(service, ownClassesOnly)));
  const name = subjectOf(of('Subject')) ?? balancerName('edge', 'public');
  const [balancer] = of('SharedBalancer').map(balancerRecord);
  const is = readBalancerName(name);
  const own = entries.find(({ service }) => service.namespace === is.namespace && service.name === is.name);
  return {
    cluster,
    name,
    balancer: is.kind === 'SharedBalancer' ? balancer : undefined,
    routes: attachedInputs((kind, recordOf) => of(kind).map(recordOf), entries, ownClassesOnly.defaultBalancer)
      .to(name)
      .map(({ route }) => route),
    namespaces: new Map(of('Namespace').map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
    services: new Map(entries.map(({ service }) => [objectName(service.namespace, service.name), service])),
    endpoints: endpointsByService(of('EndpointSlice').map(endpointSliceRecord)),
    nodes: of('Node').map(nodeRecord),
    subject: is.kind === 'Service' ? own?.plain : undefined,
  };
}

/** A pass over a Service itself, or over an IngressClass (it has no namespace): a document of kind Subject names it. */
function subjectOf([subject]: readonly KubeObject[]): BalancerName | undefined {
  if (subject === undefined) return undefined;
  const { namespace, name } = subject.metadata;
  return namespace === undefined ? unplacedClassName(name) : dedicatedName(namespace, name);
}

function stored(object: z.infer<typeof documentSchema>): KubeObject {
  const { kind, metadata } = object;
  const defaults = {
    uid: `${kind.toLowerCase()}-${metadata.namespace ?? 'cluster'}-${metadata.name}`,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-11-22T10:00:00Z',
    ...(kind === 'SharedBalancer' ? { finalizers: ['octopool.dev/balancer'] } : {}),
  };
  // read from JSON, so what is left out is left out
  return { ...object, metadata: { ...defaults, ...metadata } as KubeObject['metadata'] };
}
