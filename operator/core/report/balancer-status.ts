import type { Problem } from '../model/reason.ts';
import { readKey, httpListenerKey } from '../model/key.ts';
import type { BalancerStatus } from '../model/report.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { BalancerObject } from '../model/snapshot.ts';
import { balancerSayings } from './balancer-conditions.ts';
import { type Saying, toConditions } from './conditions.ts';
import { balancerTrouble, type PassResult } from './pass-result.ts';
import { recordedAddresses, recordedListenerConditions, recordedTopology } from './recorded.ts';
import { addressOf } from './route-status.ts';

/** What the platform team reads: counts, never lists of routes, so that its size is bounded by the spec. */
export function balancerStatus(balancer: BalancerObject, result: PassResult): BalancerStatus {
  const { seen } = result;
  const spec = 'invalid' in balancer.spec ? undefined : balancer.spec;
  const loadBalancer = seen?.loadBalancer;
  const before = balancer.status;
  return {
    observedGeneration: balancer.meta.generation,
    loadBalancerID: seen === undefined ? before.loadBalancerID : loadBalancer?.id,
    // set once, never cleared by a transient failure: DNS must not flap
    address: addressOf(result) ?? before.address,
    addresses: loadBalancer === undefined ? recordedAddresses(before.raw) : addresses(result),
    provisioningStatus: loadBalancer?.provisioningStatus,
    operatingStatus: loadBalancer?.operatingStatus,
    topology: seen?.topology ?? recordedTopology(before.raw),
    deletionPolicy: spec?.lifecycle.deletionPolicy ?? 'Delete',
    counts: counts(result),
    listeners: spec === undefined ? [] : listenerStatuses(spec, balancer, result),
    conditions: toConditions({
      sayings: balancerSayings(balancer, result),
      before: before.conditions,
      generation: balancer.meta.generation,
      now: result.now,
    }),
  };
}

function addresses({ seen }: PassResult): BalancerStatus['addresses'] {
  const floating =
    seen?.floatingIP?.portId === undefined ? [] : [{ type: 'FloatingIP', value: seen.floatingIP.address } as const];
  const { vipAddress, additionalVipAddresses = [] } = seen?.loadBalancer ?? {};
  const vips = [vipAddress, ...additionalVipAddresses].flatMap((value) =>
    value === undefined ? [] : [{ type: 'VIP', value } as const],
  );
  return [...floating, ...vips];
}

function counts({ seen, verdicts, snapshot }: PassResult): BalancerStatus['counts'] {
  const owners = (wanted: (state: string) => boolean): number =>
    new Set(verdicts.filter((verdict) => wanted(verdict.state)).map((verdict) => verdict.owner)).size;
  const own = (seen?.listeners ?? []).filter((listener) => listener.tags !== undefined);
  const pools = (seen?.pools ?? []).filter((pool) => pool.tags !== undefined);
  return {
    routes: snapshot.routes.length,
    conflicted: owners((state) => state === 'Conflicted'),
    rejected: owners((state) => state === 'Dropped'),
    listeners: own.length,
    pools: pools.length,
    members: pools.reduce((sum, pool) => sum + pool.members.length, 0),
    foreignListeners: (seen?.listeners.length ?? 0) - own.length,
  };
}

function listenerStatuses(
  spec: BalancerSpec,
  balancer: BalancerObject,
  result: PassResult,
): BalancerStatus['listeners'] {
  const trouble = balancerTrouble(result);
  return spec.listeners.map(({ name }) => {
    const seen = result.seen?.listeners.find((listener) => listener.tags?.key === httpListenerKey(name));
    const problem =
      [...(result.claims?.refusedListeners ?? []), ...result.heldListeners].find((entry) => entry.listener === name)
        ?.problem ?? (seen === undefined ? trouble : undefined);
    const old = recordedListenerConditions(balancer.status.raw, name);
    const sayings: readonly Saying[] = [
      seen === undefined || problem !== undefined
        ? unprogrammed(problem)
        : { type: 'Programmed', status: 'True', reason: 'Programmed', message: '' },
    ];
    return {
      name,
      listenerID: seen?.id,
      routes: routesOn(name, result),
      conditions: toConditions({ sayings, before: old, generation: balancer.meta.generation, now: result.now }),
    };
  });
}

function routesOn(listener: string, { seen }: PassResult): number {
  const owners = new Set<string>();
  for (const { tags } of seen?.policies ?? []) {
    const parts = tags === undefined ? undefined : readKey(tags.key);
    if (parts?.kind === 'policy' && parts.listener === listener) owners.add(parts.owner);
  }
  return owners.size;
}

function unprogrammed(problem: Problem | undefined): Saying {
  return {
    type: 'Programmed',
    status: 'False',
    reason: problem?.reason ?? 'Pending',
    message: problem?.message ?? 'The listener is being made.',
  };
}
