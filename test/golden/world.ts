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
import type { NodePortService } from '../../operator/core/model/node-port-service.ts';
import type { Snapshot } from '../../operator/core/model/snapshot.ts';
import { balancerRecord } from '../../operator/kube/balancer-record.ts';
import type { KubeObject } from '../../operator/kube/kube-object.ts';
import { endpointSliceRecord } from '../../operator/kube/endpoint-slice-record.ts';
import { nodeRecord } from '../../operator/kube/node-record.ts';
import { nodePortService, serviceEntry } from '../../operator/kube/service-entry.ts';
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
  const of = objectsOf(text);
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

/** What a pass over the nodes reads, where a document of kind NodesPass says that the case is about one; its spec is the flags. */
export function readNodesWorld(text: string): NodesWorld | undefined {
  const of = objectsOf(text);
  const [pass] = of('NodesPass');
  if (pass === undefined) return undefined;
  const entries = of('Service').map((object) => serviceEntry(object, (service) => placeOf(service, ownClassesOnly)));
  return {
    flags: flagsSchema.parse(pass['spec'] ?? {}),
    // a case may say otherwise of a node that is in every case
    nodes: [...new Map(of('Node').map((object) => [object.metadata.name, nodeRecord(object)])).values()],
    services: entries.flatMap((entry) => nodePortService(entry) ?? []),
  };
}

export interface NodesWorld {
  readonly flags: z.output<typeof flagsSchema>;
  readonly nodes: Snapshot['nodes'];
  readonly services: readonly NodePortService[];
}

const flagsSchema = z.strictObject({
  nodeSecurityGroup: z.enum(['managed', 'off']).default('managed'),
  nodeFloatingIPs: z.enum(['allowed', 'off']).default('allowed'),
});

function objectsOf(text: string): (kind: string) => readonly KubeObject[] {
  const objects = parseAllDocuments(text).map((document) => stored(documentSchema.parse(document.toJS())));
  return (kind) => objects.filter((object) => object['kind'] === kind);
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
  const selected =
    kind === 'Service' ? { spec: { selector: { app: metadata.name }, ...(object['spec'] as object | undefined) } } : {};
  // read from JSON, so what is left out is left out
  return { ...object, ...selected, metadata: { ...defaults, ...metadata } as KubeObject['metadata'] };
}
