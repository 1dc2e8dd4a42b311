/** What differs from cloud to cloud, and what a test turns on. All of it may change while the cloud runs. */
export interface Switches {
  /**
   * `whole`: a fully populated create makes everything that something points to. `children-pending`: unpatched Octavia 11: the balancer
   * becomes ACTIVE, its children stay PENDING_CREATE until each is updated.
   */
  fullCreate: 'whole' | 'children-pending';
  allowVipPortId: boolean;
  /** Pattern of rule values that HAProxy does not take. */
  refuseRule: string | undefined;
  /** Largest page of Octavia's lists. */
  pageLimit: number;
  /** Whether application credentials may make TLS listeners: Keystones with the fix for CVE-2026-80182 say no. */
  applicationCredentialTls: boolean;
  /** Milliseconds that a change takes: by kind (`listener.create`), by its first word (`listener`), else `default`. */
  delays: Readonly<Record<string, number>>;
  /** Octavia's own topology, where no flavor says otherwise. */
  topology: 'SINGLE' | 'ACTIVE_STANDBY';
}

export const usualSwitches: Switches = {
  fullCreate: 'whole',
  allowVipPortId: true,
  refuseRule: undefined,
  pageLimit: 1_000,
  applicationCredentialTls: false,
  delays: { default: 5 },
  topology: 'ACTIVE_STANDBY',
};
