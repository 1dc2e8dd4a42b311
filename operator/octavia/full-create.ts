import type { LoadBalancerCreate } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import type { ListenerInTree } from 'openstack-sdk-lite/octavia/v2/listeners';
import type { PoolInTree } from 'openstack-sdk-lite/octavia/v2/pools';
import type { CloudId } from '../core/model/brand.ts';
import type { Key } from '../core/model/key.ts';
import { writeTags } from '../core/model/tags.ts';
import type { AdditionalVip, WantedListener, WantedLoadBalancer, WantedTree } from '../core/model/wanted.ts';
import { listenerBody, memberBody, monitorBody, policyBody, poolBody, ruleBody } from './bodies.ts';

/** The balancer alone: what is sent when Octavia refuses the tree for the sake of one child. */
export function bareBody(loadBalancer: WantedLoadBalancer, portId: CloudId | undefined): LoadBalancerCreate {
  const { vip, provider, flavorId, availabilityZone, qosPolicyId } = loadBalancer;
  return {
    name: loadBalancer.name,
    description: loadBalancer.description,
    tags: writeTags(loadBalancer.tags),
    ...(vip === undefined ? {} : { vip_subnet_id: vip.subnetId }),
    ...(portId === undefined ? ownAddress(vip) : { vip_port_id: portId }),
    ...(provider === undefined ? {} : { provider }),
    ...(flavorId === undefined ? {} : { flavor_id: flavorId }),
    ...(availabilityZone === undefined ? {} : { availability_zone: availabilityZone }),
    ...(qosPolicyId === undefined ? {} : { vip_qos_policy_id: qosPolicyId }),
    ...(vip === undefined || vip.additional.length === 0 ? {} : { additional_vips: vip.additional.map(additionalVip) }),
  };
}

export function additionalVip({ subnetId, address }: AdditionalVip): {
  readonly subnet_id: string;
  readonly ip_address?: string;
} {
  return { subnet_id: subnetId, ...(address === undefined ? {} : { ip_address: address }) };
}

function ownAddress(vip: WantedLoadBalancer['vip']): { readonly vip_address?: string } {
  return vip?.kind === 'ownPort' && vip.address !== undefined ? { vip_address: vip.address } : {};
}

/** Everything in one POST. Listeners and policies refer to pools by name; names are unique because they end in the key's hash. */
export function fullBody(of: {
  readonly loadBalancer: WantedLoadBalancer;
  readonly tree: WantedTree;
  readonly portId: CloudId | undefined;
}): LoadBalancerCreate {
  const { loadBalancer, tree, portId } = of;
  const names = new Map(tree.pools.map((pool) => [pool.key, pool.name]));
  const pools = poolsInTree(tree);
  const listeners = tree.listeners.map((listener) => listenerInTree(listener, tree, names));
  return {
    ...bareBody(loadBalancer, portId),
    ...(listeners.length === 0 ? {} : { listeners }),
    ...(pools.length === 0 ? {} : { pools }),
  };
}

function poolsInTree(tree: WantedTree): readonly PoolInTree[] {
  const monitors = new Map(tree.monitors.map((monitor) => [monitor.pool, monitor]));
  return tree.pools.map((pool) => {
    const monitor = monitors.get(pool.key);
    return {
      ...poolBody(pool),
      protocol: pool.protocol,
      members: pool.members.map(memberBody),
      ...(monitor === undefined ? {} : { healthmonitor: monitorBody(monitor) }),
    };
  });
}

function listenerInTree(listener: WantedListener, tree: WantedTree, names: ReadonlyMap<Key, string>): ListenerInTree {
  const policies = tree.policies.filter((policy) => policy.listener === listener.key);
  const defaultPool = listener.defaultPool === undefined ? undefined : names.get(listener.defaultPool);
  return {
    ...listenerBody(listener),
    protocol: listener.protocol,
    protocol_port: listener.port,
    ...(defaultPool === undefined ? {} : { default_pool: { name: defaultPool } }),
    ...(policies.length === 0
      ? {}
      : {
          l7policies: policies.map((policy, at) => ({
            ...policyBody(policy),
            position: at + 1,
            ...(policy.action.type === 'Forward'
              ? { redirect_pool: { name: names.get(policy.action.pool) ?? '' } }
              : {}),
            rules: policy.rules.map(ruleBody),
          })),
        }),
  };
}
