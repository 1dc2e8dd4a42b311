import { objectName } from '../model/brand.ts';
import type { BackendIntent, TargetIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { BackendSpec, TargetType } from '../model/route-spec.ts';
import type { ServiceObject, Snapshot } from '../model/snapshot.ts';
import type { L4Protocol } from '../model/terms.ts';
import { nodesWithPods, podTargets } from './pods.ts';

export interface BackendQuestion {
  readonly backends: readonly BackendSpec[];
  readonly namespace: string;
  readonly protocol: L4Protocol;
  readonly targetType: TargetType;
  readonly snapshot: Pick<Snapshot, 'services' | 'endpoints'>;
  /** undefined: a ServiceRoute's. */
  readonly words?: BackendWords | undefined;
}

/** What the owner of the backends can change, as that object calls it. */
export interface BackendWords {
  readonly service: string;
  readonly port: string;
  readonly podIP: string;
  /** A whole sentence: a probe that lasts longer than the time between two. undefined: it can say nothing of probes. */
  readonly probe?: string;
}

const wordsOfRoute: BackendWords = {
  service: 'backends[].service',
  port: 'backends[].port',
  podIP: 'set backendPolicy.targetType to PodIP',
};

/** Each backend's Service, port and where it answers; or what is missing, and what to do about it. */
export function findBackends(question: BackendQuestion): {
  readonly backends: readonly BackendIntent[];
  readonly services: readonly ServiceObject[];
  readonly problem: Problem | undefined;
} {
  const answers = question.backends.map((backend) => findBackend(backend, question));
  const found = answers.flatMap((answer) => ('reason' in answer ? [] : [answer]));
  return {
    backends: found.map(({ backend }) => backend),
    services: found.map(({ service }) => service),
    problem: answers.find((answer): answer is Problem => 'reason' in answer),
  };
}

type ServicePort = ServiceObject['ports'][number];

function findBackend(
  { service: name, port, weight, role }: BackendSpec,
  question: BackendQuestion,
): { readonly backend: BackendIntent; readonly service: ServiceObject } | Problem {
  const { namespace, protocol, snapshot, words = wordsOfRoute } = question;
  const service = snapshot.services.get(objectName(namespace, name));
  if (service === undefined)
    return {
      reason: 'BackendNotFound',
      message: `Service ${name} does not exist in this namespace. Create it, or correct ${words.service}.`,
    };
  const entry = service.ports.find(
    (one) => (typeof port === 'number' ? one.port === port : one.name === port) && one.protocol === protocol,
  );
  if (entry === undefined)
    return {
      reason: 'PortNotFound',
      message: `Service ${name} has no ${protocol} port ${port}; it has ${portList(service)}. Correct ${words.port}.`,
    };
  const target =
    question.targetType === 'PodIP' ? podTarget(service, entry, question) : nodeTarget(service, entry, question);
  if (target === undefined)
    return {
      reason: 'NoNodePort',
      message: `Port ${port} of Service ${name} has no node port. Make the Service type NodePort or LoadBalancer, or ${words.podIP}.`,
    };
  return { backend: { service: name, port: entry.port, weight, role, target }, service };
}

function podTarget(service: ServiceObject, port: ServicePort, question: BackendQuestion): TargetIntent {
  return { type: 'PodIP', pods: podTargets(endpointsOf(service, question), port, service) };
}

function nodeTarget(service: ServiceObject, port: ServicePort, question: BackendQuestion): TargetIntent | undefined {
  if (port.nodePort === undefined) return undefined;
  const local = service.trafficPolicy === 'Local';
  return {
    type: 'NodePort',
    nodePort: port.nodePort,
    localNodes: local ? nodesWithPods(endpointsOf(service, question), port) : undefined,
    healthCheckNodePort: local ? service.healthCheckNodePort : undefined,
  };
}

function endpointsOf({ namespace, name }: ServiceObject, { snapshot }: BackendQuestion) {
  return snapshot.endpoints.get(objectName(namespace, name)) ?? [];
}

function portList({ ports }: ServiceObject): string {
  const names = ports.map((one) =>
    one.name === undefined ? `${one.port}/${one.protocol}` : `${one.name} (${one.port}/${one.protocol})`,
  );
  return names.length === 0 ? 'none' : names.toSorted().join(', ');
}
