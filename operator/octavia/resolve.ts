import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { LoadBalancer } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import type { FloatingIPSpec } from '../core/model/balancer-spec.ts';
import type { CloudId } from '../core/model/brand.ts';
import type { Resolved } from '../core/model/seen.ts';
import type { CloudRef } from '../core/model/terms.ts';
import { byRef, notFound, Unresolved } from './by-ref.ts';
import { floatingSubnets } from './floating-subnets.ts';
import { givenAddress } from './given-address.ts';
import type { Question } from './observe.ts';
import { additionalVips, chooseVip, subnet, vipOf } from './resolve-vip.ts';

type Asked = Question & { readonly found: LoadBalancer | undefined };

/** How long a name is believed to mean the same id. */
const rememberedMs = 600_000;

/** Names of the spec → ids of the cloud. What a standing balancer no longer needs is not asked for. */
export class Resolver {
  readonly #memory = new Map<string, { readonly until: number; readonly value: unknown }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async resolve(cloud: SdkCloud, asked: Asked, call: Call): Promise<Resolved> {
    try {
      return await this.#resolve(cloud, asked, call);
    } catch (error) {
      if (error instanceof Unresolved) return { ...nothing, problem: error.problem };
      throw error;
    }
  }

  async #resolve(cloud: SdkCloud, asked: Asked, call: Call): Promise<Resolved> {
    const { spec } = asked.balancer;
    const { placement, network } = spec;
    const memory = `${asked.balancer.uid} ${JSON.stringify([spec.cloud, placement, network])}`;
    const flavorId =
      asked.found === undefined && placement.flavor !== undefined
        ? await flavor(cloud, placement.flavor, call)
        : undefined;
    const vip =
      asked.found === undefined
        ? await chooseVip(cloud, asked, call)
        : await this.#remembered(`${memory} vip ${asked.found.id}`, () => vipOf(cloud, asked.found, call));
    const additional = asked.found === undefined ? await additionalVips(cloud, placement.additionalVips, call) : [];
    const memberSubnet =
      network.memberSubnet === undefined
        ? undefined
        : await this.#remembered(`${memory} members`, () => subnet(cloud, network.memberSubnet, call));
    const family = additional.some((one) => one.family === 'IPv4') ? 'IPv4' : vip?.family;
    const mode = network.floatingIP.mode ?? (family === 'IPv6' ? 'None' : 'Allocate');
    return {
      problem: undefined,
      flavorId,
      vip:
        vip === undefined
          ? undefined
          : {
              networkId: vip.networkId,
              subnetId: vip.subnetId,
              givenPortId: vip.givenPortId,
              family: family ?? vip.family,
            },
      memberCidr: memberSubnet?.cidr ?? vip?.cidr,
      memberSubnetId: memberSubnet?.id as CloudId | undefined,
      qosPolicyId:
        network.qosPolicy === undefined
          ? undefined
          : await this.#remembered(`${memory} qos`, () => qosPolicy(cloud, network.qosPolicy, call)),
      additionalVips: additional.map(({ subnetId, address }) => ({ subnetId, address })),
      floating:
        mode === 'Allocate'
          ? await this.#remembered(`${memory} floating`, () => floatingNetwork(cloud, network.floatingIP, call))
          : undefined,
      existingFloatingIpId:
        mode === 'Existing'
          ? await givenAddress(cloud, { ...asked, ownPorts: [asked.found?.vip_port_id, vip?.givenPortId] }, call)
          : undefined,
    };
  }

  async #remembered<Value>(name: string, ask: () => Promise<Value>): Promise<Value> {
    const there = this.#memory.get(name);
    if (there !== undefined && there.until > this.#now()) return there.value as Value;
    const value = await ask();
    for (const [other, { until }] of this.#memory) if (until <= this.#now()) this.#memory.delete(other);
    this.#memory.set(name, { until: this.#now() + rememberedMs, value });
    return value;
  }
}

const nothing: Resolved = {
  problem: undefined,
  flavorId: undefined,
  vip: undefined,
  memberCidr: undefined,
  memberSubnetId: undefined,
  qosPolicyId: undefined,
  additionalVips: [],
  floating: undefined,
  existingFloatingIpId: undefined,
};

async function flavor(cloud: SdkCloud, ref: CloudRef, call: Call): Promise<CloudId> {
  const found = await byRef(
    ref,
    'flavor',
    (filter) => cloud.octavia.flavors.list(filter, call),
    (id) => cloud.octavia.flavors.get(id, call),
  );
  return found.id as CloudId;
}

async function qosPolicy(cloud: SdkCloud, ref: CloudRef | undefined, call: Call): Promise<CloudId> {
  if (ref === undefined) throw new Unresolved(notFound('QoS policy', ''));
  const found = await byRef(
    ref,
    'QoS policy',
    (filter) => cloud.neutron.qosPolicies.list(filter, call),
    (id) => cloud.neutron.qosPolicies.get(id, call),
  );
  return found.id as CloudId;
}

async function floatingNetwork(
  cloud: SdkCloud,
  spec: FloatingIPSpec,
  call: Call,
): Promise<NonNullable<Resolved['floating']>> {
  const networkId = await externalNetwork(cloud, spec, call);
  const [subnetId, ...furtherSubnetIds] = await floatingSubnets(cloud, { networkId, subnet: spec.subnet }, call);
  return { networkId, subnetId, ...(furtherSubnetIds.length === 0 ? {} : { furtherSubnetIds }) };
}

/** The one that is named, else the first by name. */
async function externalNetwork(cloud: SdkCloud, { network }: FloatingIPSpec, call: Call): Promise<CloudId> {
  if (network !== undefined) {
    const found = await byRef(
      network,
      'network',
      (filter) => cloud.neutron.networks.list(filter, call),
      (id) => cloud.neutron.networks.get(id, call),
    );
    return found.id as CloudId;
  }
  return firstExternalNetwork(cloud, call);
}

/** Of several the first by name. */
export async function firstExternalNetwork(cloud: SdkCloud, call: Call): Promise<CloudId> {
  const external = (await cloud.neutron.networks.list({ 'router:external': true }, call)).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const first = external[0];
  if (first === undefined)
    throw new Unresolved({
      reason: 'AddressNotAssigned',
      message:
        'The project sees no external network to take a floating IP from. Set network.floatingIP.network, or mode None.',
    });
  return first.id as CloudId;
}
