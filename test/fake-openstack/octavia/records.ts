export type ProvisioningStatus = 'ACTIVE' | 'ERROR' | 'PENDING_CREATE' | 'PENDING_UPDATE' | 'PENDING_DELETE';

/** What every record has; the names are the API's. */
export interface Common {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly description: string;
  readonly provisioning_status: ProvisioningStatus;
  readonly operating_status: string;
  readonly admin_state_up: boolean;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly updated_at: string | null;
}

export interface Vip {
  readonly subnet_id: string;
  readonly ip_address: string;
}

export interface LoadBalancer extends Common {
  readonly kind: 'loadbalancer';
  readonly vip_address: string;
  readonly vip_port_id: string;
  readonly vip_subnet_id: string;
  readonly vip_network_id: string;
  readonly vip_qos_policy_id: string | null;
  readonly additional_vips: readonly Vip[];
  readonly provider: string;
  readonly flavor_id: string | null;
  readonly availability_zone: string | null;
  readonly topology: 'SINGLE' | 'ACTIVE_STANDBY';
}

/** Everything below a load balancer. Only some kinds show which one that is. */
interface Below extends Common {
  readonly loadbalancer_id: string;
}

interface Tls {
  readonly tls_ciphers: string | null;
  readonly tls_versions: readonly string[] | null;
  readonly alpn_protocols: readonly string[] | null;
}

export interface Listener extends Below, Tls {
  readonly kind: 'listener';
  readonly protocol: string;
  readonly protocol_port: number;
  readonly connection_limit: number;
  readonly default_pool_id: string | null;
  readonly default_tls_container_ref: string | null;
  readonly sni_container_refs: readonly string[];
  readonly client_authentication: string;
  readonly client_ca_tls_container_ref: string | null;
  readonly client_crl_container_ref: string | null;
  readonly insert_headers: Readonly<Record<string, string>>;
  readonly allowed_cidrs: readonly string[] | null;
  readonly timeout_client_data: number;
  readonly timeout_member_connect: number;
  readonly timeout_member_data: number;
  readonly timeout_tcp_inspect: number;
}

export interface SessionPersistence {
  readonly type: string;
  readonly cookie_name: string | null;
  readonly persistence_timeout: number | null;
  readonly persistence_granularity: string | null;
}

export interface Pool extends Below, Tls {
  readonly kind: 'pool';
  readonly protocol: string;
  readonly lb_algorithm: string;
  readonly session_persistence: SessionPersistence | null;
  readonly tls_enabled: boolean;
  readonly tls_container_ref: string | null;
  readonly ca_tls_container_ref: string | null;
  readonly crl_container_ref: string | null;
}

export interface Member extends Below {
  readonly kind: 'member';
  readonly pool_id: string;
  readonly address: string;
  readonly protocol_port: number;
  readonly weight: number;
  readonly backup: boolean;
  readonly subnet_id: string | null;
  readonly monitor_address: string | null;
  readonly monitor_port: number | null;
  /** What its monitor would see; a test sets it. */
  readonly health: 'up' | 'down';
}

export interface HealthMonitor extends Below {
  readonly kind: 'healthmonitor';
  readonly pool_id: string;
  readonly type: string;
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
  readonly max_retries_down: number;
  readonly http_method: string | null;
  readonly http_version: number | null;
  readonly url_path: string | null;
  readonly domain_name: string | null;
  readonly expected_codes: string | null;
}

export interface L7Policy extends Below {
  readonly kind: 'l7policy';
  readonly listener_id: string;
  readonly action: string;
  readonly position: number;
  readonly redirect_pool_id: string | null;
  readonly redirect_url: string | null;
  readonly redirect_prefix: string | null;
  readonly redirect_http_code: number | null;
}

export interface L7Rule extends Below {
  readonly kind: 'l7rule';
  readonly l7policy_id: string;
  readonly type: string;
  readonly compare_type: string;
  readonly key: string | null;
  readonly value: string;
  readonly invert: boolean;
}

export interface Records {
  readonly loadbalancer: LoadBalancer;
  readonly listener: Listener;
  readonly pool: Pool;
  readonly member: Member;
  readonly healthmonitor: HealthMonitor;
  readonly l7policy: L7Policy;
  readonly l7rule: L7Rule;
}
export type Kind = keyof Records;
export type OctaviaRecord = Records[Kind];
export type Child = Exclude<OctaviaRecord, LoadBalancer>;

/** As quotas call them. */
export const quotaNames: Readonly<Record<Kind, string>> = {
  loadbalancer: 'Load Balancer',
  listener: 'Listener',
  pool: 'Pool',
  member: 'Member',
  healthmonitor: 'Health Monitor',
  l7policy: 'L7 Policy',
  l7rule: 'L7 Rule',
};

/** As the router and the faults of busy objects call them. */
export const resourceNames: Readonly<Record<Kind, string>> = { ...quotaNames, l7policy: 'L7Policy', l7rule: 'L7Rule' };

export interface Amphora {
  readonly id: string;
  readonly loadbalancer_id: string;
  readonly compute_id: string;
  readonly lb_network_ip: string;
  readonly vrrp_ip: string;
  readonly ha_ip: string;
  readonly vrrp_port_id: string;
  readonly ha_port_id: string;
  readonly cert_expiration: string | null;
  readonly cert_busy: boolean;
  readonly role: 'MASTER' | 'BACKUP' | 'STANDALONE';
  readonly status: string;
  readonly vrrp_interface: string | null;
  readonly vrrp_id: number;
  readonly vrrp_priority: number | null;
  readonly cached_zone: string | null;
  readonly created_at: string;
  readonly updated_at: string | null;
  readonly image_id: string | null;
  readonly compute_flavor: string | null;
}

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly flavor_profile_id: string;
}

export interface FlavorProfile {
  readonly id: string;
  readonly name: string;
  readonly provider_name: string;
  readonly flavor_data: string;
}

export interface AvailabilityZone {
  /** Octavia knows zones by name only; here it is the name again. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly availability_zone_profile_id: string;
}
