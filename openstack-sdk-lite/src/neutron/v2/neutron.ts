import type { Endpoint } from '../../transport/endpoint.ts';
import { type FloatingIps, floatingIps } from './floating-ips.ts';
import { type Networks, networks } from './networks.ts';
import { type Ports, ports } from './ports.ts';
import { type QosPolicies, qosPolicies } from './qos-policies.ts';
import { type Routers, routers } from './routers.ts';
import { type SecurityGroupRules, securityGroupRules } from './security-group-rules.ts';
import { type SecurityGroups, securityGroups } from './security-groups.ts';
import { type Subnets, subnets } from './subnets.ts';

export interface Neutron {
  readonly networks: Networks;
  readonly subnets: Subnets;
  readonly ports: Ports;
  readonly floatingIps: FloatingIps;
  readonly qosPolicies: QosPolicies;
  readonly routers: Routers;
  readonly securityGroups: SecurityGroups;
  readonly securityGroupRules: SecurityGroupRules;
}

export function neutron(endpoint: Endpoint): Neutron {
  return {
    networks: networks(endpoint),
    subnets: subnets(endpoint),
    ports: ports(endpoint),
    floatingIps: floatingIps(endpoint),
    qosPolicies: qosPolicies(endpoint),
    routers: routers(endpoint),
    securityGroups: securityGroups(endpoint),
    securityGroupRules: securityGroupRules(endpoint),
  };
}
