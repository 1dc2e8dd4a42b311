import type { BalancerName } from '../model/brand.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { Problem } from '../model/reason.ts';
import type { CloudRef, Labels } from '../model/terms.ts';
import { type AnnotationKey, internalKey, said } from './annotations.ts';

/** A setting of the whole load balancer: where the platform team has it, and whether it is so already. */
interface WideSetting {
  readonly key: AnnotationKey;
  readonly field: string;
  readonly isSo: (annotations: Labels, spec: BalancerSpec) => boolean;
}

const wide: readonly WideSetting[] = [
  {
    // to be internal on a public balancer is no remark: it is refused
    key: internalKey,
    field: 'network.floatingIP.mode',
    isSo: (annotations, { network }) => said(annotations, internalKey) !== false || network.floatingIP.mode !== 'None',
  },
  setting('floating-network-id', 'network.floatingIP.network', ({ network }) => network.floatingIP.network),
  setting('floating-subnet-id', 'network.floatingIP.subnet', ({ network }) => plainRef(network.floatingIP.subnet)),
  setting('floating-subnet', 'network.floatingIP.subnet', () => undefined),
  setting('floating-subnet-tags', 'network.floatingIP.subnet', () => undefined),
  setting('subnet-id', 'placement.vip', ({ placement: { vip } }) =>
    vip !== undefined && 'subnet' in vip ? vip.subnet : undefined,
  ),
  setting('network-id', 'placement.vip', ({ placement: { vip } }) =>
    vip !== undefined && 'network' in vip ? vip.network : undefined,
  ),
  setting('port-id', 'placement.vip', ({ placement: { vip } }) =>
    vip !== undefined && 'port' in vip ? vip.port : undefined,
  ),
  setting('member-subnet-id', 'network.memberSubnet', ({ network }) => network.memberSubnet),
  {
    key: 'loadbalancer.openstack.org/keep-floatingip',
    field: 'network.floatingIP.reclaimPolicy',
    isSo: (annotations, { network }) =>
      said(annotations, 'loadbalancer.openstack.org/keep-floatingip') ===
      (network.floatingIP.reclaimPolicy === 'Retain'),
  },
  setting('flavor-id', 'placement.flavor', ({ placement }) => placement.flavor),
  {
    key: 'loadbalancer.openstack.org/availability-zone',
    field: 'placement.availabilityZone',
    isSo: (annotations, { placement }) =>
      said(annotations, 'loadbalancer.openstack.org/availability-zone') === placement.availabilityZone,
  },
];

/** What a Service that shares a balancer asks of the whole and does not get: it is served with what the balancer has. */
export function wideRemarks(
  annotations: Labels,
  { name, spec }: { readonly name: BalancerName; readonly spec: BalancerSpec },
): readonly Problem[] {
  return wide
    .filter(({ key, isSo }) => annotations[key] !== undefined && !isSo(annotations, spec))
    .map(({ key, field }) => ({
      reason: 'LoadBalancerWideSetting',
      message: `${key} is a setting of the whole load balancer; set it on SharedBalancer ${name}, field ${field}.`,
    }));
}

type IdKey = Extract<AnnotationKey, `loadbalancer.openstack.org/${string}`>;
type Short<Key> = Key extends `loadbalancer.openstack.org/${infer Name}` ? Name : never;

/** Of an object of the cloud that both name by its id. */
function setting(name: Short<IdKey>, field: string, has: (spec: BalancerSpec) => CloudRef | undefined): WideSetting {
  const key: IdKey = `loadbalancer.openstack.org/${name}`;
  return {
    key,
    field,
    isSo: (annotations, spec) => {
      const ref = has(spec);
      return ref !== undefined && 'id' in ref && ref.id === said(annotations, key);
    },
  };
}

function plainRef(subnet: BalancerSpec['network']['floatingIP']['subnet']): CloudRef | undefined {
  return subnet === undefined || 'tags' in subnet ? undefined : subnet;
}
