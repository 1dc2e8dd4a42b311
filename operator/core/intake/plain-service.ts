import type { L4RuleIntent, RouteIntent } from '../model/intents.ts';
import { objectName } from '../model/brand.ts';
import { isServedByName, speaksHttp } from '../model/served-ports.ts';
import { portRule } from '../model/key.ts';
import type { Problem } from '../model/reason.ts';
import type { PlainServiceObject, ServiceObject } from '../model/snapshot.ts';
import { dedicatedFault } from './dedicated.ts';
import { wideRemarks } from './load-balancer-wide.ts';
import { poolIntent } from './pool-intent.ts';
import { foreignBalancer } from './refused-annotations.ts';
import { rememberedPorts } from './remembered-ports.ts';
import { common, type RouteInput } from './route-input.ts';
import { affinityRemarks } from './service-affinity.ts';
import { serviceFault } from './service-fault.ts';
import { hostnameRules, hostnamesMisfit } from './service-hostnames.ts';
import { servicePolicy, type ServicePolicy } from './service-policy.ts';
import { reachOf } from './service-reach.ts';
import { inWordsOfService, wordsOfService } from './service-words.ts';
import { tooManyNetworks } from './too-many-networks.ts';

type Input = RouteInput<PlainServiceObject>;
type ServicePort = ServiceObject['ports'][number];

/** A Service that is served as it is → its intent: one rule for each of its ports, or one for its hostnames. */
export function plainServiceIntent(input: Input): RouteIntent {
  const { route, balancer, snapshot } = input;
  const { annotations } = route.service;
  const policy = servicePolicy(annotations);
  const byName = isServedByName(route.service);
  const rules = byName ? hostnameRules(input, policy) : portRules(input, policy);
  const pooled = balancer.kind === 'SharedBalancer';
  return {
    ...common(input),
    problem: serviceProblem(input, policy),
    remarks: [...(pooled ? wideRemarks(annotations, balancer) : []), ...affinityRemarks(serviceOf(input), rules)],
    ...(pooled ? { reach: reachOf(route.service), recorded: rememberedPorts(route, snapshot.balancer) } : {}),
    rules,
  };
}

/** Whatever is wrong with it as a whole: what is programmed for it stays as it is. */
function serviceProblem(input: Input, policy: ServicePolicy): Problem | undefined {
  const { route, balancer, snapshot } = input;
  const { service } = route;
  return (
    (balancer.kind === 'Service'
      ? dedicatedFault(service)
      : (serviceFault(service) ?? foreignBalancer(service.annotations, snapshot.balancer?.status.loadBalancerID))) ??
    hostnamesMisfit(input, policy) ??
    sourceRangesProblem(service)
  );
}

function serviceOf({ route, snapshot }: Input): ServiceObject | undefined {
  return snapshot.services.get(objectName(route.meta.namespace, route.meta.name));
}

function portRules(input: Input, policy: ServicePolicy): readonly L4RuleIntent[] {
  const ports = serviceOf(input)?.ports ?? [];
  const someSay = ports.some(speaksHttp);
  return ports.map((port) => {
    const byHttp = policy.forwardedFor && port.protocol === 'TCP' && (!someSay || speaksHttp(port));
    return portIntent({ port, http: byHttp ? { insertHeaders: ['X-Forwarded-For'] } : undefined }, input, policy);
  });
}

function portIntent(
  { port: { port, protocol }, http }: { readonly port: ServicePort; readonly http: L4RuleIntent['http'] },
  { route, snapshot, balancer }: Input,
  policy: ServicePolicy,
): L4RuleIntent {
  const { backends, proxyProtocol, monitor, connectionLimit, timeouts } = policy;
  const { pool, problem } = poolIntent({
    backends: [{ service: route.meta.name, port, weight: 1, role: 'Active' }],
    namespace: route.meta.namespace,
    kind: http === undefined ? protocol : 'HTTP',
    own: [protocol === 'TCP' ? { ...backends, proxyProtocol } : backends],
    monitor,
    defaults: balancer.spec.defaults,
    snapshot,
    words: wordsOfService,
  });
  const { sourceRanges } = route.service;
  return {
    kind: 'l4',
    name: portRule(protocol, port),
    port,
    protocol,
    http,
    allowedCidrs: 'cidrs' in sourceRanges ? sourceRanges.cidrs : [],
    connectionLimit,
    timeouts: protocol === 'TCP' ? timeouts : undefined,
    pool,
    problem: inWordsOfService(problem, port),
  };
}

const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function sourceRangesProblem({ sourceRanges, annotations }: PlainServiceObject['service']): Problem | undefined {
  if ('cidrs' in sourceRanges) return tooManyNetworks('loadBalancerSourceRanges', sourceRanges.cidrs);
  const { invalid } = sourceRanges;
  const where =
    annotations[rangesAnnotation]?.includes(invalid) === true
      ? `Annotation ${rangesAnnotation}`
      : 'loadBalancerSourceRanges';
  return {
    reason: 'Invalid',
    message: `${where}: ${JSON.stringify(invalid)} is no network. Write it as 192.0.2.0/24 or 2001:db8::/32.`,
  };
}
