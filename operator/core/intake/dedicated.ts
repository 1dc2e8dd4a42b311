import type { Instant } from '../model/brand.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { BalancerObject, PlainServiceObject } from '../model/snapshot.ts';

const internalAnnotation = 'service.beta.kubernetes.io/openstack-internal-load-balancer';

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
    spec: dedicatedSpec(service.annotations),
    status: {
      loadBalancerID: undefined,
      address: first?.ip,
      vipAddress: undefined,
      conditions: status.conditions,
      raw: {},
    },
  };
}

function dedicatedSpec(annotations: PlainServiceObject['service']['annotations']): BalancerSpec {
  return {
    cloud: { credentialsRef: undefined, cloudName: undefined, region: undefined },
    placement: {
      provider: undefined,
      flavor: undefined,
      availabilityZone: undefined,
      topology: undefined,
      vip: undefined,
      additionalVips: [],
    },
    network: {
      memberSubnet: undefined,
      floatingIP: {
        mode: annotations[internalAnnotation] === 'true' ? 'None' : undefined,
        address: undefined,
        network: undefined,
        subnet: undefined,
        reclaimPolicy: 'Delete',
      },
      qosPolicy: undefined,
    },
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
