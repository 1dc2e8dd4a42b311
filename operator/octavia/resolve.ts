import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { Call } from 'openstack-sdk-lite/resource';
import type { LoadBalancer } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import type { Subnet } from 'openstack-sdk-lite/neutron/v2/subnets';
import { isNotFound } from 'openstack-sdk-lite/transport/errors';
import type { CloudId } from '../core/model/brand.ts';
import type { Problem } from '../core/model/reason.ts';
import type { Resolved } from '../core/model/seen.ts';
import type { CloudRef } from '../core/model/terms.ts';
import type { Question } from './observe.ts';

/** A reference that leads nowhere, or to several places. Thrown inside this file only. */
class Unresolved extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

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
    const memberSubnet =
      network.memberSubnet === undefined
        ? undefined
        : await this.#remembered(`${memory} members`, () => subnet(cloud, network.memberSubnet, call));
    const mode = network.floatingIP.mode ?? (vip?.family === 'IPv6' ? 'None' : 'Allocate');
    return {
      problem: undefined,
      flavorId,
      vip:
        vip === undefined
          ? undefined
          : { networkId: vip.networkId, subnetId: vip.subnetId, givenPortId: vip.givenPortId, family: vip.family },
      memberCidr: memberSubnet?.cidr ?? vip?.cidr,
      memberSubnetId: memberSubnet?.id as CloudId | undefined,
      qosPolicyId: undefined,
      additionalVips: [],
      floating:
        mode === 'Allocate'
          ? await this.#remembered(`${memory} floating`, () => floatingNetwork(cloud, network.floatingIP, call))
          : undefined,
      existingFloatingIpId: mode === 'Existing' ? await existing(cloud, network.floatingIP.address, call) : undefined,
    };
  }

  async #remembered<Value>(name: string, ask: () => Promise<Value>): Promise<Value> {
    const there = this.#memory.get(name);
    if (there !== undefined && there.until > this.#now()) return there.value as Value;
    const value = await ask();
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

interface Vip {
  readonly networkId: CloudId;
  readonly subnetId: CloudId;
  readonly givenPortId: CloudId | undefined;
  readonly family: 'IPv4' | 'IPv6';
  readonly cidr: string;
}

async function vipOf(cloud: SdkCloud, found: LoadBalancer | undefined, call: Call): Promise<Vip | undefined> {
  if (found?.vip_subnet_id == null) return undefined;
  return asVip(await cloud.neutron.subnets.get(found.vip_subnet_id, call), undefined);
}

async function chooseVip(cloud: SdkCloud, asked: Asked, call: Call): Promise<Vip> {
  const { vip } = asked.balancer.spec.placement;
  if (vip === undefined) return asVip(await subnetOfNodes(cloud, asked, call), undefined);
  if ('subnet' in vip) return asVip(await subnet(cloud, vip.subnet, call), undefined);
  if ('network' in vip) {
    const networks = await byRef(
      vip.network,
      'network',
      (filter) => cloud.neutron.networks.list(filter, call),
      (id) => cloud.neutron.networks.get(id, call),
    );
    const subnets = await cloud.neutron.subnets.list({ network_id: networks.id }, call);
    const chosen = subnets.toSorted((a, b) => a.ip_version - b.ip_version || (a.id < b.id ? -1 : 1))[0];
    if (chosen === undefined) throw new Unresolved(notFound('subnet on network', networks.name));
    return asVip(chosen, undefined);
  }
  const port = await byRef(
    vip.port,
    'port',
    (filter) => cloud.neutron.ports.list(filter, call),
    (id) => cloud.neutron.ports.get(id, call),
  );
  const inUse = await cloud.octavia.loadBalancers.list({ vip_port_id: port.id }, call);
  if (inUse.length > 0)
    throw new Unresolved({
      reason: 'CloudRefused',
      message: `Port ${port.id} is the VIP of another load balancer already. Name another port.`,
    });
  return asVip(await cloud.neutron.subnets.get(port.fixed_ips[0]?.subnet_id ?? '', call), port.id as CloudId);
}

function asVip(of: Subnet, givenPortId: CloudId | undefined): Vip {
  return {
    networkId: of.network_id as CloudId,
    subnetId: of.id as CloudId,
    givenPortId,
    family: of.ip_version === 6 ? 'IPv6' : 'IPv4',
    cidr: of.cidr,
  };
}

/** The default of placement.vip: the subnet in which most nodes have their address. */
async function subnetOfNodes(cloud: SdkCloud, { nodeAddresses }: Asked, call: Call): Promise<Subnet> {
  const wanted = new Set<string>(nodeAddresses);
  const ports = nodeAddresses.length === 0 ? [] : await cloud.neutron.ports.list({}, call);
  const votes = new Map<string, number>();
  for (const port of ports)
    for (const ip of port.fixed_ips)
      if (wanted.has(ip.ip_address)) votes.set(ip.subnet_id, (votes.get(ip.subnet_id) ?? 0) + 1);
  const [winner] = [...votes].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (winner === undefined)
    throw new Unresolved({
      reason: 'CloudResourceNotFound',
      message:
        'No Neutron port of this project has the InternalIP of a node, so the subnet for the VIP is not known. Set placement.vip.',
    });
  return cloud.neutron.subnets.get(winner[0], call);
}

async function subnet(cloud: SdkCloud, ref: CloudRef | undefined, call: Call): Promise<Subnet> {
  if (ref === undefined) throw new Unresolved(notFound('subnet', ''));
  return byRef(
    ref,
    'subnet',
    (filter) => cloud.neutron.subnets.list(filter, call),
    (id) => cloud.neutron.subnets.get(id, call),
  );
}

async function flavor(cloud: SdkCloud, ref: CloudRef, call: Call): Promise<CloudId> {
  const found = await byRef(
    ref,
    'flavor',
    (filter) => cloud.octavia.flavors.list(filter, call),
    (id) => cloud.octavia.flavors.get(id, call),
  );
  return found.id as CloudId;
}

async function floatingNetwork(
  cloud: SdkCloud,
  spec: { readonly network: CloudRef | undefined; readonly subnet: CloudRef | undefined },
  call: Call,
): Promise<NonNullable<Resolved['floating']>> {
  const subnetId = spec.subnet === undefined ? undefined : ((await subnet(cloud, spec.subnet, call)).id as CloudId);
  if (spec.network !== undefined) {
    const found = await byRef(
      spec.network,
      'network',
      (filter) => cloud.neutron.networks.list(filter, call),
      (id) => cloud.neutron.networks.get(id, call),
    );
    return { networkId: found.id as CloudId, subnetId };
  }
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
  return { networkId: first.id as CloudId, subnetId };
}

async function existing(cloud: SdkCloud, address: string | undefined, call: Call): Promise<CloudId> {
  const [found] = await cloud.neutron.floatingIps.list({ floating_ip_address: address ?? '' }, call);
  if (found === undefined) throw new Unresolved(notFound('floating IP', address ?? ''));
  return found.id as CloudId;
}

async function byRef<Object extends { readonly id: string; readonly name?: string | undefined }>(
  ref: CloudRef,
  kind: string,
  list: (filter: { readonly name: string }) => Promise<readonly Object[]>,
  get: (id: string) => Promise<Object>,
): Promise<Object> {
  if ('id' in ref) {
    return get(ref.id).catch((error: unknown) => {
      throw isNotFound(error) ? new Unresolved(notFound(kind, ref.id)) : error;
    });
  }
  const found = (await list({ name: ref.name })).filter((object) => object.name === ref.name);
  const [only] = found;
  if (only === undefined) throw new Unresolved(notFound(kind, ref.name));
  if (found.length > 1)
    throw new Unresolved({
      reason: 'CloudResourceAmbiguous',
      message: `${found.length} of kind ${kind} are called ${ref.name}. Name one by its id.`,
    });
  return only;
}

function notFound(kind: string, name: string): Problem {
  return {
    reason: 'CloudResourceNotFound',
    message: `The project sees no ${kind} ${name}. Correct the reference, or create it.`,
  };
}
