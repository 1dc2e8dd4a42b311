import type { Problem } from '../model/reason.ts';
import type { BackendPolicySpec, ProxyProtocol } from '../model/route-spec.ts';
import { type Labels, type ListenerTimeouts, octaviaTimeouts } from '../model/terms.ts';
import { said } from './annotations.ts';
import type { MonitorWish } from './pool-intent.ts';

/** What annotations say about how the ports of a Service are served. */
export interface ServicePolicy {
  readonly backends: BackendPolicySpec;
  /** Of TCP ports; others have no such header. */
  readonly proxyProtocol: ProxyProtocol | undefined;
  readonly monitor: MonitorWish;
  /** -1: no limit. */
  readonly connectionLimit: number;
  /** Of TCP ports; others have none. */
  readonly timeouts: ListenerTimeouts | undefined;
  readonly forwardedFor: boolean;
}

export function servicePolicy(annotations: Labels): ServicePolicy {
  const watched = said(annotations, 'loadbalancer.openstack.org/enable-health-monitor');
  return {
    backends: {
      targetType: said(annotations, 'octopool.dev/target-type'),
      drainTimeout: said(annotations, 'octopool.dev/drain-timeout'),
      algorithm: said(annotations, 'loadbalancer.openstack.org/lb-method'),
      nodeSelector: said(annotations, 'loadbalancer.openstack.org/node-selector'),
      healthMonitor: watched === false ? { type: 'None' } : undefined,
    },
    proxyProtocol: said(annotations, 'loadbalancer.openstack.org/proxy-protocol'),
    monitor: { always: watched === true, ...timing(annotations) },
    connectionLimit: said(annotations, 'loadbalancer.openstack.org/connection-limit') ?? -1,
    timeouts: timeouts(annotations),
    forwardedFor: said(annotations, 'loadbalancer.openstack.org/x-forwarded-for') ?? false,
  };
}

/** Values that are right each by itself and not together. */
export function policyProblem(annotations: Labels): Problem | undefined {
  const { proxyProtocol = 'None', forwardedFor, monitor } = servicePolicy(annotations);
  if (forwardedFor && proxyProtocol !== 'None')
    return {
      reason: 'UnsupportedValue',
      message:
        'Annotations loadbalancer.openstack.org/proxy-protocol and loadbalancer.openstack.org/x-forwarded-for: Octavia sends no X-Forwarded-For behind a PROXY header. Take one of them off.',
    };
  // a delay of the balancer's own default, that these would have to fit, is told by the monitor itself
  if (monitor.delay !== undefined && monitor.timeout !== undefined && monitor.timeout > monitor.delay)
    return {
      reason: 'Invalid',
      message:
        'Annotation loadbalancer.openstack.org/health-monitor-timeout: it must not exceed loadbalancer.openstack.org/health-monitor-delay. Lower one or raise the other.',
    };
  return undefined;
}

/** Which of these annotations are there: a listener that is shared cannot be as one Service wants it. */
export function listenerAnnotations(annotations: Labels): readonly string[] {
  return [limitKey, ...Object.values(timeoutKeys)].filter((key) => annotations[key] !== undefined);
}

function timing(annotations: Labels): Omit<MonitorWish, 'always'> {
  const delay = said(annotations, 'loadbalancer.openstack.org/health-monitor-delay');
  const timeout = said(annotations, 'loadbalancer.openstack.org/health-monitor-timeout');
  return {
    delay: delay === undefined ? undefined : delay * 1000,
    timeout: timeout === undefined ? undefined : timeout * 1000,
    maxRetries: said(annotations, 'loadbalancer.openstack.org/health-monitor-max-retries'),
    maxRetriesDown: said(annotations, 'loadbalancer.openstack.org/health-monitor-max-retries-down'),
  };
}

const limitKey = 'loadbalancer.openstack.org/connection-limit';
const timeoutKeys = {
  clientData: 'loadbalancer.openstack.org/timeout-client-data',
  memberConnect: 'loadbalancer.openstack.org/timeout-member-connect',
  memberData: 'loadbalancer.openstack.org/timeout-member-data',
  tcpInspect: 'loadbalancer.openstack.org/timeout-tcp-inspect',
} as const;

/** What is not said is as Octavia has it by itself. */
function timeouts(annotations: Labels): ListenerTimeouts | undefined {
  const asked = {
    clientData: said(annotations, timeoutKeys.clientData),
    memberConnect: said(annotations, timeoutKeys.memberConnect),
    memberData: said(annotations, timeoutKeys.memberData),
    tcpInspect: said(annotations, timeoutKeys.tcpInspect),
  };
  if (Object.values(asked).every((one) => one === undefined)) return undefined;
  const { clientData, memberConnect, memberData, tcpInspect } = octaviaTimeouts;
  return {
    clientData: asked.clientData ?? clientData,
    memberConnect: asked.memberConnect ?? memberConnect,
    memberData: asked.memberData ?? memberData,
    tcpInspect: asked.tcpInspect ?? tcpInspect,
  };
}
