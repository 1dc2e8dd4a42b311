import type { Endpoint } from '../../transport/endpoint.ts';
import { balancerWait, type Clock, realClock, type UntilMutable } from '../../wait.ts';
import { type Amphorae, amphorae } from './amphorae.ts';
import { type AvailabilityZones, availabilityZones } from './availability-zones.ts';
import { type Flavors, flavors } from './flavors.ts';
import { type HealthMonitors, healthMonitors } from './health-monitors.ts';
import { type L7Policies, l7Policies } from './l7-policies.ts';
import { type L7Rules, l7Rules } from './l7-rules.ts';
import { type Listeners, listeners } from './listeners.ts';
import { type LoadBalancers, loadBalancers } from './load-balancers.ts';
import { type Members, members } from './members.ts';
import { type Pools, pools } from './pools.ts';
import { type Providers, providers } from './providers.ts';
import { type Quotas, quotas } from './quotas.ts';

export interface Octavia {
  readonly loadBalancers: LoadBalancers;
  readonly listeners: Listeners;
  readonly pools: Pools;
  membersOf(poolId: string): Members;
  readonly healthMonitors: HealthMonitors;
  readonly l7Policies: L7Policies;
  rulesOf(policyId: string): L7Rules;
  readonly flavors: Flavors;
  readonly providers: Providers;
  readonly availabilityZones: AvailabilityZones;
  readonly quotas: Quotas;
  readonly amphorae: Amphorae;
  /** Waits until a balancer takes changes again. */
  readonly untilMutable: UntilMutable;
  /** The clock of those waits: `busySince` is a moment on it. */
  readonly clock: Pick<Clock, 'now'>;
}

export function octavia(endpoint: Endpoint, clock: Clock = realClock): Octavia {
  const balancers = loadBalancers(endpoint);
  return {
    loadBalancers: balancers,
    listeners: listeners(endpoint),
    pools: pools(endpoint),
    membersOf: (poolId) => members(endpoint, poolId),
    healthMonitors: healthMonitors(endpoint),
    l7Policies: l7Policies(endpoint),
    rulesOf: (policyId) => l7Rules(endpoint, policyId),
    flavors: flavors(endpoint),
    providers: providers(endpoint),
    availabilityZones: availabilityZones(endpoint),
    quotas: quotas(endpoint),
    amphorae: amphorae(endpoint),
    untilMutable: balancerWait({ read: (id, signal) => balancers.get(id, { signal }), clock }),
    clock,
  };
}
