import { conditionOf, type Problem, type Reason } from '../model/reason.ts';
import { readKey, httpListenerKey } from '../model/key.ts';
import type { BalancerStatus } from '../model/report.ts';
import type { BalancerSpec } from '../model/balancer-spec.ts';
import type { BalancerObject } from '../model/snapshot.ts';
import { readySaying, type Saying, toConditions } from './conditions.ts';
import { balancerTrouble, type PassResult } from './pass-result.ts';
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
    addresses: addresses(result),
    provisioningStatus: loadBalancer?.provisioningStatus,
    operatingStatus: loadBalancer?.operatingStatus,
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
  const vip = seen?.loadBalancer === undefined ? [] : [{ type: 'VIP', value: seen.loadBalancer.vipAddress } as const];
  return [...floating, ...vip];
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
    const old = oldConditions(balancer.status.raw, name);
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

/** Only to keep the time of transition; whatever is not as expected counts as never said. */
function oldConditions(raw: unknown, listener: string): BalancerStatus['conditions'] {
  if (typeof raw !== 'object' || raw === null || !('listeners' in raw) || !Array.isArray(raw.listeners)) return [];
  const found: unknown = raw.listeners.find(
    (one: unknown) => typeof one === 'object' && one !== null && 'name' in one && one.name === listener,
  );
  if (typeof found !== 'object' || found === null || !('conditions' in found) || !Array.isArray(found.conditions))
    return [];
  return found.conditions as BalancerStatus['conditions'];
}

function unprogrammed(problem: Problem | undefined): Saying {
  return {
    type: 'Programmed',
    status: 'False',
    reason: problem?.reason ?? 'Pending',
    message: problem?.message ?? 'The listener is being made.',
  };
}

function balancerSayings(balancer: BalancerObject, result: PassResult): readonly Saying[] {
  const spec = 'invalid' in balancer.spec ? balancer.spec.invalid : undefined;
  const trouble = spec ?? balancerTrouble(result);
  const listener = result.claims?.refusedListeners[0]?.problem ?? result.heldListeners[0]?.problem;
  const problem = trouble ?? listener ?? defaultTrouble(balancer, result);
  const of = problem === undefined ? undefined : conditionOf(problem.reason);
  const parts = [
    part('Accepted', of === 'Accepted' ? problem : undefined),
    part('ResolvedRefs', of === 'ResolvedRefs' ? problem : undefined),
    part('Programmed', of === 'Programmed' || of === 'Conflicted' ? problem : undefined),
  ];
  const total = result.snapshot.routes.length;
  const listeners = (result.seen?.listeners ?? []).filter((one) => one.tags !== undefined).length;
  const ready = readySaying(
    parts,
    `${total} ${total === 1 ? 'route' : 'routes'} on ${listeners} ${listeners === 1 ? 'listener' : 'listeners'}`,
  );
  const deleting: readonly Saying[] =
    balancer.meta.deletedAt === undefined
      ? []
      : [
          {
            type: 'Deleting',
            status: 'True',
            ...(result.deletion?.problem ?? {
              reason: 'WaitingForCloud',
              message: 'The load balancer is being removed.',
            }),
          },
        ];
  return [...parts, ...deleting, ready];
}

/** The pool of a default backend has the balancer for its owner. */
function defaultTrouble({ meta }: BalancerObject, { defaultProblems, done }: PassResult): Problem | undefined {
  const refused = done?.refused.find(({ operation }) => operation.unit?.owner === meta.uid);
  return defaultProblems[0] ?? refused?.problem;
}

function part(type: Extract<Reason, 'Accepted' | 'ResolvedRefs' | 'Programmed'>, problem: Problem | undefined): Saying {
  if (problem === undefined) return { type, status: 'True', reason: type, message: '' };
  const passing = problem.reason === 'Pending' || problem.reason === 'BalancerBusy';
  return { type, status: passing ? 'Unknown' : 'False', reason: problem.reason, message: problem.message };
}
