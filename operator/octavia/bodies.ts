import type { HealthMonitorInTree } from 'openstack-sdk-lite/octavia/v2/health-monitors';
import type { L7RuleBody } from 'openstack-sdk-lite/octavia/v2/l7-rules';
import type { ListenerUpdate } from 'openstack-sdk-lite/octavia/v2/listeners';
import type { MemberBody } from 'openstack-sdk-lite/octavia/v2/members';
import type { PoolUpdate } from 'openstack-sdk-lite/octavia/v2/pools';
import type { RuleBody } from '../core/model/body.ts';
import { writeTags } from '../core/model/tags.ts';
import type { WantedListener, WantedMember, WantedMonitor, WantedPolicy, WantedPool } from '../core/model/wanted.ts';

/** Wanted records in the words of Octavia's API; the same for a fully populated create and for single calls. */

export function listenerBody(listener: WantedListener): ListenerUpdate {
  return {
    name: listener.name,
    description: listener.description,
    tags: writeTags(listener.tags),
    connection_limit: listener.connectionLimit,
    allowed_cidrs: listener.allowedCidrs,
    timeout_client_data: listener.timeouts.clientData,
    timeout_member_connect: listener.timeouts.memberConnect,
    timeout_member_data: listener.timeouts.memberData,
    timeout_tcp_inspect: listener.timeouts.tcpInspect,
    // said even when empty: a PUT keeps what is left out
    insert_headers: Object.fromEntries(listener.insertHeaders.map((name) => [name, 'true'])),
  };
}

export function poolBody(pool: WantedPool): PoolUpdate & { readonly name: string; readonly lb_algorithm: string } {
  const { persistence } = pool;
  return {
    name: pool.name,
    description: pool.description,
    tags: writeTags(pool.tags),
    lb_algorithm: pool.algorithm,
    session_persistence:
      persistence === undefined
        ? null
        : {
            type: persistence.type,
            ...(persistence.cookieName === undefined ? {} : { cookie_name: persistence.cookieName }),
            ...(persistence.timeout === undefined ? {} : { persistence_timeout: persistence.timeout }),
          },
  };
}

/** A batch PUT resets what is left out, so everything is said. */
export function memberBody(member: WantedMember): MemberBody {
  return {
    name: member.name,
    address: member.address,
    protocol_port: member.port,
    weight: member.weight,
    backup: member.backup,
    ...(member.monitorPort === undefined ? {} : { monitor_port: member.monitorPort }),
    ...(member.subnetId === undefined ? {} : { subnet_id: member.subnetId }),
  };
}

export function monitorBody(monitor: WantedMonitor): HealthMonitorInTree {
  const { http } = monitor;
  return {
    name: monitor.name,
    tags: writeTags(monitor.tags),
    type: monitor.type,
    delay: monitor.delay,
    timeout: monitor.timeout,
    max_retries: monitor.maxRetries,
    max_retries_down: monitor.maxRetriesDown,
    ...(http === undefined
      ? {}
      : {
          url_path: http.path,
          http_method: http.method,
          http_version: http.version,
          expected_codes: http.expectedCodes,
          ...(http.host === undefined ? {} : { domain_name: http.host }),
        }),
  };
}

export function policyBody(policy: WantedPolicy) {
  return {
    name: policy.name,
    description: policy.description,
    tags: writeTags(policy.tags),
    ...actionBody(policy.action),
  };
}

/** The pool of a Forward is named beside it: by id, or by name in a fully populated create. */
function actionBody(action: WantedPolicy['action']) {
  switch (action.type) {
    case 'Forward':
      return { action: 'REDIRECT_TO_POOL' };
    case 'Reject':
      return { action: 'REJECT' };
    case 'Redirect':
      return 'url' in action
        ? { action: 'REDIRECT_TO_URL', redirect_url: action.url, redirect_http_code: action.code }
        : { action: 'REDIRECT_PREFIX', redirect_prefix: action.prefix, redirect_http_code: action.code };
  }
}

export function ruleBody(rule: RuleBody): L7RuleBody {
  return {
    type: rule.type,
    compare_type: rule.compareType,
    value: rule.value,
    invert: rule.invert,
    ...(rule.key === undefined ? {} : { key: rule.key }),
  };
}
