import { orderTable } from '../../operator/core/diff/order.ts';
import type { Reason } from '../../operator/core/model/reason.ts';
import type { Judgement } from './judge.ts';

/** A Reason that no case shows is a sentence that nobody has read; the type makes whoever adds one stop here. */
export const reasons: Readonly<Record<Reason, 'shown' | 'not said yet'>> = {
  Accepted: 'shown',
  BalancerNotFound: 'shown',
  NoBalancer: 'shown',
  KindNotAllowed: 'shown',
  ExposureMismatch: 'shown',
  ForeignController: 'shown',
  LoadBalancerWideSetting: 'shown',
  NotAllowedByBalancer: 'shown',
  ListenerNotFound: 'shown',
  HostnameNotDelegated: 'shown',
  PortNotDelegated: 'shown',
  UnsafeString: 'shown',
  UnsupportedValue: 'shown',
  UnsupportedByProvider: 'shown',
  RegexNotAllowed: 'shown',
  ImmutableField: 'shown',
  Invalid: 'shown',
  AddressMismatch: 'shown',
  ResolvedRefs: 'shown',
  BackendNotFound: 'shown',
  PortNotFound: 'shown',
  NoNodePort: 'shown',
  CloudResourceNotFound: 'shown',
  CloudResourceAmbiguous: 'shown',
  CredentialsInvalid: 'shown',
  Programmed: 'shown',
  Pending: 'shown',
  BalancerBusy: 'shown',
  AddressNotAssigned: 'shown',
  CloudQuotaExceeded: 'shown',
  CloudUnavailable: 'shown',
  CloudRefused: 'shown',
  ProvisioningError: 'shown',
  ProvisioningStuck: 'shown',
  LoadBalancerMissing: 'shown',
  ForeignOwner: 'shown',
  NoReadyNodes: 'shown',
  DisruptiveChange: 'shown',
  Ready: 'shown',
  Paused: 'shown',
  BalancerPaused: 'shown',
  OperatingStatusDegraded: 'shown',
  TopologyMismatch: 'shown',
  Drifted: 'shown',
  Repairing: 'shown',
  NoEndpoints: 'shown',
  TargetPortNotFound: 'shown',
  HostnameConflict: 'shown',
  RuleConflict: 'shown',
  PortConflict: 'shown',
  PartiallyInvalid: 'shown',
  AllHealthy: 'shown',
  SomeUnhealthy: 'shown',
  NoHealthyMembers: 'shown',
  NoMonitor: 'shown',
  RoutesAttached: 'shown',
  DeletionProtected: 'shown',
  WaitingForCloud: 'shown',
  AddressesReady: 'shown',
  NoPublicAddress: 'shown',
  SecurityGroupsUnmanaged: 'shown',
  PortSecurityDisabled: 'shown',
  NodeFloatingIPsDisabled: 'shown',
};

/** Which Reasons stand in a condition (or in an event, of what has no condition) of some case. */
export function reasonsSaid(judgements: readonly Judgement[]): Readonly<Record<string, string>> {
  const lines = judgements.flatMap(({ balancer, routes, events }) => [
    ...balancer,
    ...Object.values(routes).flat(),
    ...events,
  ]);
  const said = new Set(lines.map((line) => /^(?:[\w./]+=\w+|\S+ Warning) (\w+)/.exec(line)?.[1]));
  return Object.fromEntries(
    Object.keys(reasons).map((reason) => [reason, said.has(reason) ? 'shown' : 'not said yet']),
  );
}

/** Rows of the order of writes of which no case has an operation. */
export function rowsMissing(judgements: readonly Judgement[]): readonly (readonly string[])[] {
  const kinds = new Set<string | undefined>(
    judgements.flatMap(({ operations }) => operations.map((line) => /^\w+/.exec(line)?.[0])),
  );
  return orderTable()
    .filter((row) => !row.kinds.some((kind) => kinds.has(kind)))
    .map((row) => row.kinds);
}
