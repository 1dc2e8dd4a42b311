/** Every Reason that can stand in a condition. The one table: api.md §4.3, narrowed to what works today. */
export type Reason =
  | 'Accepted'
  | 'BalancerNotFound'
  | 'NoBalancer'
  | 'KindNotAllowed'
  | 'ExposureMismatch'
  | 'ForeignController'
  | 'LoadBalancerWideSetting'
  | 'NotAllowedByBalancer'
  | 'ListenerNotFound'
  | 'HostnameNotDelegated'
  | 'PortNotDelegated'
  | 'UnsafeString'
  | 'UnsupportedValue'
  | 'UnsupportedByProvider'
  | 'RegexNotAllowed'
  | 'ImmutableField'
  | 'Invalid'
  | 'AddressMismatch'
  | 'ResolvedRefs'
  | 'BackendNotFound'
  | 'PortNotFound'
  | 'NoNodePort'
  | 'CloudResourceNotFound'
  | 'CloudResourceAmbiguous'
  | 'CredentialsInvalid'
  | 'Programmed'
  | 'Pending'
  | 'BalancerBusy'
  | 'AddressNotAssigned'
  | 'CloudQuotaExceeded'
  | 'CloudUnavailable'
  | 'CloudRefused'
  | 'ProvisioningError'
  | 'ProvisioningStuck'
  | 'LoadBalancerMissing'
  | 'ForeignOwner'
  | 'NoReadyNodes'
  | 'DisruptiveChange'
  | 'Ready'
  | 'Paused'
  | 'BalancerPaused'
  | 'OperatingStatusDegraded'
  | 'TopologyMismatch'
  | 'Drifted'
  | 'Repairing'
  | 'NoEndpoints'
  | 'TargetPortNotFound'
  | 'HostnameConflict'
  | 'RuleConflict'
  | 'PortConflict'
  | 'PartiallyInvalid'
  | 'AllHealthy'
  | 'SomeUnhealthy'
  | 'NoHealthyMembers'
  | 'NoMonitor'
  | 'RoutesAttached'
  | 'DeletionProtected'
  | 'WaitingForCloud'
  | 'AddressesReady'
  | 'NoPublicAddress'
  | 'SecurityGroupsUnmanaged'
  | 'PortSecurityDisabled'
  | 'NodeFloatingIPsDisabled';

/** Why something is not as its owner asked: a Reason of the table and one sentence of cause, one of fix. */
export interface Problem {
  readonly reason: Reason;
  /** At most 1 KiB; never names another tenant's namespace, object or hostname. */
  readonly message: string;
}

/** The condition that a Reason belongs to when it is the cause of a False. */
export function conditionOf(reason: Reason): 'Accepted' | 'ResolvedRefs' | 'Programmed' | 'Conflicted' {
  switch (reason) {
    case 'HostnameConflict':
    case 'RuleConflict':
    case 'PortConflict':
      return 'Conflicted';
    case 'BackendNotFound':
    case 'PortNotFound':
    case 'NoNodePort':
    case 'CloudResourceNotFound':
    case 'CloudResourceAmbiguous':
    case 'CredentialsInvalid':
      return 'ResolvedRefs';
    case 'Accepted':
    case 'BalancerNotFound':
    case 'NoBalancer':
    case 'KindNotAllowed':
    case 'ExposureMismatch':
    case 'ForeignController':
    case 'LoadBalancerWideSetting':
    case 'NotAllowedByBalancer':
    case 'ListenerNotFound':
    case 'HostnameNotDelegated':
    case 'PortNotDelegated':
    case 'UnsafeString':
    case 'UnsupportedValue':
    case 'UnsupportedByProvider':
    case 'RegexNotAllowed':
    case 'ImmutableField':
    case 'Invalid':
    case 'AddressMismatch':
      return 'Accepted';
    default:
      return 'Programmed';
  }
}
