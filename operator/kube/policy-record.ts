import type { BackendPolicySpec, HealthMonitorSpec, PersistenceSpec } from '../core/model/route-spec.ts';
import type { LabelSelector, ListenerTimeouts } from '../core/model/terms.ts';
import type { BackendPolicy } from '../api/v1alpha1/backend-policy.ts';
import { parseDuration } from '../api/v1alpha1/duration.ts';
import type { HealthMonitor } from '../api/v1alpha1/health-monitor.ts';
import type { LabelSelectorTerms } from '../api/v1alpha1/label-selector.ts';
import type { Timeouts } from '../api/v1alpha1/listener-terms.ts';

/** Parts that specs of both kinds have: durations become milliseconds, and what is not said stays unsaid. */

export function backendPolicy(given: BackendPolicy): BackendPolicySpec {
  const { nodeSelector, sessionPersistence, healthMonitor, drainTimeout, ...rest } = given;
  return {
    ...rest,
    nodeSelector: nodeSelector === undefined ? undefined : labelSelector(nodeSelector),
    sessionPersistence: sessionPersistence === undefined ? undefined : persistence(sessionPersistence),
    healthMonitor: healthMonitor === undefined ? undefined : monitor(healthMonitor),
    drainTimeout: milliseconds(drainTimeout),
  };
}

export function labelSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelectorTerms): LabelSelector {
  return { matchLabels, matchExpressions: matchExpressions.map((one) => ({ ...one, values: one.values ?? [] })) };
}

export function listenerTimeouts({ clientData, memberConnect, memberData, tcpInspect }: Timeouts): ListenerTimeouts {
  return {
    clientData: parseDuration(clientData),
    memberConnect: parseDuration(memberConnect),
    memberData: parseDuration(memberData),
    tcpInspect: parseDuration(tcpInspect),
  };
}

function persistence({ timeout, ...rest }: NonNullable<BackendPolicy['sessionPersistence']>): PersistenceSpec {
  return { ...rest, timeout: milliseconds(timeout) };
}

function monitor({ delay, timeout, ...rest }: HealthMonitor): HealthMonitorSpec {
  return { ...rest, delay: milliseconds(delay), timeout: milliseconds(timeout) };
}

function milliseconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}
