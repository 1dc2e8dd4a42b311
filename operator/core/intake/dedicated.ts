import type { Instant } from '../model/brand.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { PlainService } from '../model/plain-service.ts';
import type { Problem } from '../model/reason.ts';
import type { BalancerObject, PlainServiceObject } from '../model/snapshot.ts';
import { floatingIP, memberSubnet, placement } from './dedicated-network.ts';
import { serviceFault } from './service-fault.ts';
import { unreadableName } from './place.ts';
import { foreignBalancer, unsupported } from './refused-annotations.ts';

/** The balancer of one that a Service describes. `leaving`: since when it is to have none (any more). */
export function dedicatedBalancer(
  { meta, switches, service, status }: PlainServiceObject,
  leaving: Instant | undefined,
): BalancerObject & { readonly spec: BalancerSpec } {
  const [first] = service.recordedIngress;
  return {
    kind: 'Service',
    meta: { ...meta, deletedAt: service.deletedAt ?? leaving, finalizers: service.finalizers },
    switches,
    spec: dedicatedSpec(service),
    fault: dedicatedFault(service),
    status: {
      loadBalancerID: undefined,
      address: first?.ip,
      vipAddress: undefined,
      conditions: status.conditions,
      raw: {},
    },
  };
}

/** What is wrong with a Service that is to have a load balancer of its own. */
export function dedicatedFault(service: PlainService): Problem | undefined {
  const { annotations } = service;
  return (
    unreadableName(service) ??
    serviceFault(service) ??
    foreignBalancer(annotations, undefined) ??
    sharedToo(annotations)
  );
}

/** What only those have that share one. */
function sharedToo(annotations: PlainService['annotations']): Problem | undefined {
  const key = ['octopool.dev/balancer', 'octopool.dev/hostnames', 'octopool.dev/listeners'].find(
    (one) => annotations[one] !== undefined,
  );
  if (key === undefined) return undefined;
  return unsupported(
    `Annotation ${key}: a Service with a load balancer of its own shares none. Take the annotation off, or make the Service again with loadBalancerClass: octopool.dev/shared.`,
  );
}

function dedicatedSpec(service: PlainService): BalancerSpec {
  return {
    cloud: { credentialsRef: undefined, cloudName: undefined, region: undefined },
    placement: placement(service),
    network: { memberSubnet: memberSubnet(service), floatingIP: floatingIP(service), qosPolicy: undefined },
    attachment: {
      from: 'Same',
      selector: undefined,
      kinds: ['Service'],
      undelegated: 'FirstClaim',
      hostnames: [],
      ports: [],
      regexMatches: 'Forbidden',
    },
    listeners: [],
    defaults: {},
    lifecycle: { deletionPolicy: 'Delete', deletionProtection: false },
    sync: { interval: 300_000, driftPolicy: 'Repair' },
  };
}
