import type { Listener } from 'openstack-sdk-lite/octavia/v2/listeners';
import type { LoadBalancer } from 'openstack-sdk-lite/octavia/v2/load-balancers';
import type { HealthMonitor } from 'openstack-sdk-lite/octavia/v2/health-monitors';
import type { L7Policy } from 'openstack-sdk-lite/octavia/v2/l7-policies';
import type { L7Rule } from 'openstack-sdk-lite/octavia/v2/l7-rules';
import type { Pool } from 'openstack-sdk-lite/octavia/v2/pools';
import type { MemberStatus } from 'openstack-sdk-lite/octavia/v2/status-tree';
import type { CloudId, Instant, IpAddress, Uid } from '../core/model/brand.ts';
import type { PoolBody, RuleBody } from '../core/model/body.ts';
import type {
  SeenListener,
  SeenLoadBalancer,
  SeenMember,
  SeenMemberForm,
  SeenMonitor,
  SeenPolicy,
  SeenPool,
  SeenRule,
} from '../core/model/seen.ts';
import { readTags } from '../core/model/tags.ts';

/** Whose objects count as ours. */
export interface Owner {
  readonly cluster: Uid;
  readonly balancer: Uid;
}

export function seenLoadBalancer(lb: LoadBalancer, owner: Owner): SeenLoadBalancer {
  const tags = readTags(lb.tags);
  return {
    ...common(lb, owner),
    name: lb.name,
    description: lb.description,
    operatingStatus: lb.operating_status,
    vipAddress: (lb.vip_address ?? '') as IpAddress,
    vipPortId: (lb.vip_port_id ?? '') as CloudId,
    vipSubnetId: (lb.vip_subnet_id ?? '') as CloudId,
    additionalVipAddresses: lb.additional_vips.flatMap(({ ip_address }) => (ip_address ?? []) as IpAddress | []),
    qosPolicyId: (lb.vip_qos_policy_id ?? undefined) as CloudId | undefined,
    flavorId: (lb.flavor_id ?? undefined) as CloudId | undefined,
    availabilityZone: lb.availability_zone ?? undefined,
    provider: lb.provider ?? '',
    foreignCluster: tags !== undefined && tags.cluster !== owner.cluster ? tags.cluster : undefined,
  };
}

/** Octavia's times are UTC and do not say so. */
function utc(text: string | null): Instant | undefined {
  if (text === null) return undefined;
  const instant = Date.parse(`${text}Z`);
  return Number.isNaN(instant) ? undefined : (instant as Instant);
}

export function seenListener(listener: Listener, owner: Owner): SeenListener {
  return {
    ...common(listener, owner),
    name: listener.name,
    description: listener.description,
    protocol: listener.protocol,
    port: listener.protocol_port,
    connectionLimit: listener.connection_limit ?? -1,
    timeouts: {
      clientData: listener.timeout_client_data ?? 50_000,
      memberConnect: listener.timeout_member_connect ?? 5_000,
      memberData: listener.timeout_member_data ?? 50_000,
      tcpInspect: listener.timeout_tcp_inspect ?? 0,
    },
    insertHeaders: Object.entries(listener.insert_headers)
      .flatMap(([name, value]) => (value === 'true' ? [name] : []))
      .toSorted(),
    allowedCidrs: listener.allowed_cidrs.toSorted(),
    defaultPoolId: (listener.default_pool_id ?? undefined) as CloudId | undefined,
    operatingStatus: listener.operating_status,
  };
}

export function seenPool(
  pool: Pool,
  owner: Owner,
  members: readonly MemberStatus[] | undefined,
  forms: ReadonlyMap<string, SeenMemberForm>,
): SeenPool {
  return {
    ...common(pool, owner),
    name: pool.name,
    description: pool.description,
    protocol: pool.protocol,
    algorithm: pool.lb_algorithm as PoolBody['algorithm'],
    persistence: persistence(pool),
    members: (members ?? []).map((member) => seenMember(member, forms.get(member.id))),
    // a pool that nothing points to yet is not in the status tree; its own record still says whether it has members at all
    membersKnown: members !== undefined || pool.members.length === 0,
  };
}

function persistence({ session_persistence: given }: Pool): PoolBody['persistence'] {
  if (given === null) return undefined;
  return {
    type: given.type as NonNullable<PoolBody['persistence']>['type'],
    cookieName: given.cookie_name ?? undefined,
    timeout: given.persistence_timeout ?? undefined,
  };
}

function seenMember(member: MemberStatus, form: SeenMemberForm | undefined): SeenMember {
  return {
    id: member.id as CloudId,
    name: member.name,
    address: member.address as IpAddress,
    port: member.protocol_port,
    provisioningStatus: member.provisioning_status,
    operatingStatus: member.operating_status,
    ...(form === undefined ? {} : { form }),
  };
}

export function seenMonitor(monitor: HealthMonitor, owner: Owner): SeenMonitor {
  return {
    ...common(monitor, owner),
    name: monitor.name,
    type: monitor.type,
    poolId: (monitor.pools[0]?.id ?? '') as CloudId,
    delay: monitor.delay,
    timeout: monitor.timeout,
    maxRetries: monitor.max_retries,
    maxRetriesDown: monitor.max_retries_down ?? 3,
    http: monitor.type === 'HTTP' || monitor.type === 'HTTPS' ? httpBody(monitor) : undefined,
  };
}

function httpBody(monitor: HealthMonitor): SeenMonitor['http'] {
  return {
    path: monitor.url_path ?? '/',
    method: monitor.http_method ?? 'GET',
    version: monitor.http_version === 1.1 ? 1.1 : 1.0,
    host: monitor.domain_name ?? undefined,
    expectedCodes: monitor.expected_codes ?? '200',
  };
}

export function seenPolicy(policy: L7Policy, owner: Owner, rules: readonly L7Rule[] | undefined): SeenPolicy {
  return {
    ...common(policy, owner),
    name: policy.name,
    description: policy.description,
    listenerId: policy.listener_id as CloudId,
    action: policy.action,
    redirectPoolId: (policy.redirect_pool_id ?? undefined) as CloudId | undefined,
    redirectUrl: policy.redirect_url ?? undefined,
    redirectPrefix: policy.redirect_prefix ?? undefined,
    redirectCode: policy.redirect_http_code ?? undefined,
    position: policy.position,
    enabled: policy.admin_state_up,
    ruleIds: policy.rules.map((rule) => rule.id as CloudId),
    rules: rules?.map(seenRule),
  };
}

export function seenRule(rule: L7Rule): SeenRule {
  return {
    id: rule.id as CloudId,
    provisioningStatus: rule.provisioning_status,
    type: rule.type as RuleBody['type'],
    compareType: rule.compare_type as RuleBody['compareType'],
    key: rule.key ?? undefined,
    value: rule.value,
    invert: rule.invert,
  };
}

interface Common {
  readonly id: string;
  readonly tags: readonly string[];
  readonly provisioning_status: SeenLoadBalancer['provisioningStatus'];
  readonly created_at: string | null;
  readonly updated_at: string | null;
}

function common(
  object: Common,
  owner: Owner,
): Pick<SeenLoadBalancer, 'id' | 'tags' | 'provisioningStatus' | 'createdAt' | 'updatedAt'> {
  const tags = readTags(object.tags);
  const ours = tags !== undefined && tags.cluster === owner.cluster && tags.balancer === owner.balancer;
  return {
    id: object.id as CloudId,
    tags: ours ? tags : undefined,
    provisioningStatus: object.provisioning_status,
    createdAt: utc(object.created_at),
    updatedAt: utc(object.updated_at),
  };
}
