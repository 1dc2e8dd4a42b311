/** What every record has; the names are the API's. */
interface Common {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
  readonly revision_number: number;
}

export interface Network extends Common {
  readonly admin_state_up: boolean;
  readonly status: string;
  readonly shared: boolean;
  readonly 'router:external': boolean;
  readonly mtu: number;
}

export interface Subnet extends Common {
  readonly network_id: string;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly gateway_ip: string | null;
  readonly enable_dhcp: boolean;
}

export interface Router extends Common {
  readonly admin_state_up: boolean;
  readonly status: string;
  readonly external_gateway_info: { readonly network_id: string } | null;
}

export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

export interface Port extends Common {
  readonly network_id: string;
  readonly admin_state_up: boolean;
  readonly status: string;
  readonly mac_address: string;
  readonly device_id: string;
  readonly device_owner: string;
  readonly fixed_ips: readonly FixedIp[];
  readonly security_groups: readonly string[];
  readonly allowed_address_pairs: readonly { readonly ip_address: string; readonly mac_address?: string }[];
  readonly port_security_enabled: boolean;
  readonly qos_policy_id: string | null;
}

export interface FloatingIp extends Omit<Common, 'name'> {
  readonly floating_ip_address: string;
  readonly floating_network_id: string;
  readonly port_id: string | null;
  readonly fixed_ip_address: string | null;
  readonly status: string;
}

export interface SecurityGroup extends Common {
  readonly stateful: boolean;
  readonly shared: boolean;
}

export interface SecurityGroupRule extends Omit<Common, 'name' | 'description'> {
  readonly security_group_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
  readonly description: string | null;
}

export interface QosPolicy extends Common {
  readonly shared: boolean;
}

export interface NeutronQuota {
  readonly network: number;
  readonly subnet: number;
  readonly port: number;
  readonly floatingip: number;
  readonly security_group: number;
  readonly security_group_rule: number;
}
export type NeutronQuotaName = keyof NeutronQuota;
