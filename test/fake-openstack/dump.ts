import type { World } from './world.ts';

/** Every record of every service, as it stands. */
export interface Dump {
  readonly octavia: Readonly<Record<string, readonly object[]>>;
  readonly neutron: Readonly<Record<string, readonly object[]>>;
  readonly barbican: { readonly secrets: readonly object[] };
}

export function dump({ octavia: { tables }, neutron, secrets }: World): Dump {
  return {
    octavia: {
      loadbalancers: tables.loadbalancer.all(),
      listeners: tables.listener.all(),
      pools: tables.pool.all(),
      members: tables.member.all(),
      healthmonitors: tables.healthmonitor.all(),
      l7policies: tables.l7policy.all(),
      l7rules: tables.l7rule.all(),
      amphorae: tables.amphora.all(),
    },
    neutron: {
      networks: neutron.network.all(),
      subnets: neutron.subnet.all(),
      ports: neutron.port.all(),
      floatingips: neutron.floatingip.all(),
      security_groups: neutron.security_group.all(),
      security_group_rules: neutron.security_group_rule.all(),
    },
    barbican: { secrets: secrets.all() },
  };
}
