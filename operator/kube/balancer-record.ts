import { z } from 'zod';
import { parseDuration } from '../api/v1alpha1/duration.ts';
import { type SharedBalancerSpec, sharedBalancerSpecSchema } from '../api/v1alpha1/shared-balancer.ts';
import type { IpAddress } from '../core/model/brand.ts';
import type { Attachment, BalancerSpec, FloatingIPSpec, ListenerSpec, Placement } from '../core/model/balancer-spec.ts';
import type { BalancerObject } from '../core/model/snapshot.ts';
import { canonicalCidrs } from './cidr.ts';
import { ipAddress } from './ip-address.ts';
import type { KubeObject } from './kube-object.ts';
import {
  cloudReference,
  instant,
  invalidSpec,
  ownMeta,
  recordedConditions,
  statusField,
  statusText,
  switches,
} from './own-record.ts';
import { backendPolicy, labelSelector, listenerTimeouts } from './policy-record.ts';

/** SharedBalancer → what decisions are made of, with every default in its place. */
export function balancerRecord(object: KubeObject): BalancerObject {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  const status = object['status'] ?? {};
  const read = sharedBalancerSpecSchema.safeParse(object['spec'] ?? {});
  return {
    kind: 'SharedBalancer',
    meta: {
      ...ownMeta(object),
      deletedAt: deletionTimestamp === undefined ? undefined : instant(deletionTimestamp),
      finalizers,
    },
    switches: switches(object),
    spec: read.success ? balancerSpec(read.data) : invalidSpec(read.error),
    status: {
      loadBalancerID: statusText(status, 'loadBalancerID'),
      address: statusText(status, 'address'),
      vipAddress: recordedVip(status),
      conditions: recordedConditions(status),
      raw: status,
    },
  };
}

function balancerSpec(spec: SharedBalancerSpec): BalancerSpec {
  const { cloud, network, lifecycle, sync } = spec;
  return {
    cloud: { credentialsRef: cloud.credentialsRef, cloudName: cloud.cloudName, region: cloud.region },
    placement: placement(spec.placement),
    network: {
      memberSubnet: cloudReference(network.memberSubnet),
      floatingIP: floatingIP(network.floatingIP),
      qosPolicy: cloudReference(network.qosPolicy),
    },
    attachment: attachment(spec.attachment),
    listeners: spec.listeners.map(listener),
    defaults: backendPolicy(spec.defaults.backendPolicy),
    lifecycle: { deletionPolicy: lifecycle.deletionPolicy, deletionProtection: lifecycle.deletionProtection },
    sync: { interval: parseDuration(sync.interval), driftPolicy: sync.driftPolicy },
  };
}

function attachment({ selector, undelegated, ...given }: SharedBalancerSpec['attachment']): Attachment {
  return {
    ...given,
    selector: selector === undefined ? undefined : labelSelector(selector),
    // namespaces that share one balancer of their own trust each other; strangers do not
    undelegated: undelegated ?? (given.from === 'Same' ? 'FirstClaim' : 'Deny'),
  };
}

const addressesSchema = z.array(z.object({ type: z.string(), value: z.string() }));

function recordedVip(status: unknown): IpAddress | undefined {
  const { data = [] } = addressesSchema.safeParse(statusField(status, 'addresses'));
  return canonical(data.find(({ type }) => type === 'VIP')?.value);
}

function placement(given: SharedBalancerSpec['placement']): Placement {
  return {
    provider: given?.provider,
    flavor: cloudReference(given?.flavor),
    availabilityZone: given?.availabilityZone,
    topology: given?.topology,
    vip: vip(given?.vip),
    additionalVips: (given?.additionalVIPs ?? []).flatMap((one) => {
      const subnet = cloudReference(one.subnet);
      return subnet === undefined ? [] : [{ subnet, address: canonical(one.address) }];
    }),
  };
}

function vip(given: NonNullable<SharedBalancerSpec['placement']>['vip']): Placement['vip'] {
  if (given === undefined) return undefined;
  const address = canonical(given.address);
  const [subnet, network, port] = [given.subnet, given.network, given.port].map(cloudReference);
  if (subnet !== undefined) return { subnet, address };
  if (network !== undefined) return { network, address };
  return port === undefined ? undefined : { port };
}

function floatingIP(given: SharedBalancerSpec['network']['floatingIP']): FloatingIPSpec {
  return {
    mode: given.mode,
    address: canonical(given.address),
    network: cloudReference(given.network),
    subnet: cloudReference(given.subnet),
    reclaimPolicy: given.reclaimPolicy,
  };
}

/** The schema let pass addresses only. */
function canonical(address: string | undefined): IpAddress | undefined {
  return address === undefined ? undefined : ipAddress(address);
}

function listener(given: SharedBalancerSpec['listeners'][number]): ListenerSpec {
  const { name, port, protocol, connectionLimit, defaultBackend } = given;
  // which headers are usual depends on the protocol, so no default of the schema can say it
  const insertHeaders: readonly string[] = given.insertHeaders ?? (protocol === 'HTTP' ? FORWARDED : []);
  return {
    name,
    port,
    protocol,
    connectionLimit,
    timeouts: listenerTimeouts(given.timeouts),
    insertHeaders: insertHeaders.toSorted(),
    allowedCidrs: canonicalCidrs(given.allowedCIDRs),
    defaultBackend,
  };
}

const FORWARDED = ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'];
