import { type Cloud, connect } from 'openstack-sdk-lite/cloud';
import { parseCloudsYaml } from 'openstack-sdk-lite/config/clouds-yaml';
import type { FakeOpenStack } from '../../fake-openstack/fake-openstack.ts';

/** What the cloud provider's service controller keeps for one Service, in its names and tags and in the same project as ours. */
export interface ProviderObjects {
  /** Of everything that is its own, node ports aside. */
  readonly ids: ReadonlySet<string>;
  /** Its security group, which it puts on the nodes' ports beside others. */
  readonly group: string;
  readonly loadBalancer: string;
}

/** Its user agent begins so. */
export const providerAgent = 'openstack-cloud-controller-manager';

export async function providerObjects(
  fake: FakeOpenStack,
  of: { readonly namespace: string; readonly name: string; readonly uid: string; readonly nodes: readonly string[] },
): Promise<ProviderObjects> {
  const credentials = parseCloudsYaml(fake.cloudsYaml, 'tenant-a');
  const cloud = connect({ credentials: async () => credentials, userAgent: `${providerAgent}/1` });
  try {
    return await make(cloud, fake, of);
  } finally {
    await cloud.close();
  }
}

async function make(
  cloud: Cloud,
  fake: FakeOpenStack,
  of: Parameters<typeof providerObjects>[1],
): Promise<ProviderObjects> {
  const { namespace, name, uid, nodes } = of;
  const called = `kube_service_kubernetes_${namespace}_${name}`;
  const [subnet] = await cloud.neutron.subnets.list({ name: 'tenant-a-subnet' });
  const members = nodes.map((address, at) => ({ name: `node-${at + 1}`, address, protocol_port: 30_080 }));
  const pool = { name: `pool_0_${called}`, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', members } as const;
  const { id } = await cloud.octavia.loadBalancers.create({
    name: called,
    description: `Kubernetes external service ${namespace}/${name} from cluster kubernetes`,
    tags: [called],
    vip_subnet_id: subnet?.id ?? '',
    listeners: [
      { name: `listener_0_${called}`, protocol: 'TCP', protocol_port: 80, tags: [called], default_pool: pool },
    ],
  });
  fake.advance(60_000);
  const balancer = await cloud.octavia.loadBalancers.get(id);
  const [external] = await cloud.neutron.networks.list({ name: 'public' });
  const floating = await cloud.neutron.floatingIps.create({
    floating_network_id: external?.id ?? '',
    port_id: balancer.vip_port_id,
    description: `Floating IP for Kubernetes external service ${namespace}/${name} from cluster kubernetes`,
  });
  const group = await cloud.neutron.securityGroups.create({ name: `lb-sg-${uid}-${namespace}-${name}` });
  const rule = await cloud.neutron.securityGroupRules.create({
    security_group_id: group.id,
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: 'tcp',
    port_range_min: 30_080,
    port_range_max: 30_080,
    remote_ip_prefix: '10.10.0.0/16',
  });
  for (const port of await cloud.neutron.ports.list({}))
    if (port.fixed_ips.some(({ ip_address: address }) => nodes.includes(address)))
      await cloud.neutron.ports.updateRevision(
        { id: port.id, revision: port.revision_number ?? 0 },
        { security_groups: [...port.security_groups, group.id] },
      );
  const { tables } = fake.world.octavia;
  const children = [tables.listener, tables.pool, tables.healthmonitor, tables.member].flatMap((table) =>
    table.find('loadbalancer_id', id).map((one) => one.id),
  );
  const ids = new Set([id, ...children, balancer.vip_port_id ?? '', floating.id, group.id, rule.id]);
  return { ids, group: group.id, loadBalancer: id };
}
