import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { CloudId, Milliseconds } from '../core/model/brand.ts';
import type { Done, Operation, Outcome, Plan } from '../core/model/plan.ts';
import type { FreshPolicies } from './fresh-policies.ts';
import { type Failure, judge } from './failure.ts';
import { type Bench, Missing } from './bench.ts';
import { perform } from './perform.ts';

export interface Order {
  readonly plan: Plan;
  readonly loadBalancerID: CloudId | undefined;
  readonly budget: Milliseconds;
}

type Refusal = Done['refused'][number];

/** Writes a plan, one operation at a time: Octavia is serial per balancer. A refusal stops its own unit and goes on with the others. */
export async function execute(
  cloud: SdkCloud,
  order: Order & { readonly fresh: Pick<FreshPolicies, 'add'> },
  signal: AbortSignal,
): Promise<Done> {
  const bench: Bench = {
    cloud,
    call: { signal },
    made: new Map(),
    loadBalancerID: order.loadBalancerID,
    vipPortID: undefined,
    vipAddress: undefined,
    fresh: order.fresh,
  };
  const waiter = new Waiter(cloud, order.budget, signal);
  const applied: Operation[] = [];
  const refused: Refusal[] = [];
  for (const operation of order.plan.operations) {
    const blocker = refused.find((one) => blocks(one.operation, operation));
    if (blocker !== undefined) {
      refused.push({ operation, problem: blocker.problem });
      continue;
    }
    const stop = await attempt({ operation, bench, waiter, applied, refused });
    if (stop !== undefined) return { applied, refused, outcome: stop };
  }
  if (applied.length === 0) return { applied, refused, outcome: nothingWritten(refused) };
  const busy = await waiter.until(bench.loadBalancerID);
  return {
    applied,
    refused,
    outcome: busy ?? (applied.every(({ heals }) => heals === true) ? healing : { kind: 'changed' }),
  };
}

/** What was told once more may fail once more: it is looked at again with growing pauses. */
const healing: Outcome = {
  kind: 'failed',
  problem: { reason: 'ProvisioningError', message: 'The cloud did not carry out a change; it was told again.' },
  retryAfterMs: undefined,
  concerns: 'units',
};

interface Attempt {
  readonly operation: Operation;
  readonly bench: Bench;
  readonly waiter: Waiter;
  readonly applied: Operation[];
  readonly refused: Refusal[];
}

/** A balancer comes back from every change; a child that does not come back with it will not. */
const mostTries = { balancer: 20, child: 2 } as const;

/** undefined: go on. */
async function attempt({ operation, bench, waiter, applied, refused }: Attempt): Promise<Outcome | undefined> {
  for (let tries = 0; ; tries += 1) {
    if (isOctavia(operation) && bench.loadBalancerID !== undefined) {
      const busy = await waiter.untilIfDirty(bench.loadBalancerID);
      if (busy !== undefined) return busy;
    }
    try {
      await perform(operation, bench);
      applied.push(operation);
      if (isOctavia(operation)) waiter.wrote();
      return operation.kind === 'deleteLoadBalancer' ? waiter.untilGone(operation.id) : undefined;
    } catch (error) {
      const failure: Failure =
        error instanceof Missing
          ? { kind: 'refused', problem: { reason: 'Pending', message: 'What it needs is not there yet.' } }
          : judge(error);
      if (failure.kind === 'busy' && tries < mostTries[failure.whose]) {
        waiter.foundBusy();
        continue;
      }
      return conclude(failure, operation, { applied, refused });
    }
  }
}

function conclude(
  failure: Failure,
  operation: Operation,
  { applied, refused }: Pick<Attempt, 'applied' | 'refused'>,
): Outcome | undefined {
  switch (failure.kind) {
    case 'busy':
      if (failure.whose === 'child') {
        refused.push({ operation, problem: failure.problem });
        return undefined;
      }
      return {
        kind: 'waiting',
        problem: { reason: 'BalancerBusy', message: 'The load balancer stays busy. It is tried again by itself.' },
      };
    case 'gone':
      // what was to be deleted is gone; anything else needs a fresh look
      if (operation.kind.startsWith('delete') || operation.kind.startsWith('detach')) applied.push(operation);
      else return { kind: 'changed' };
      return undefined;
    case 'refused':
    case 'quota':
      refused.push({ operation, problem: failure.problem });
      return undefined;
    case 'unavailable':
      return {
        kind: 'failed',
        problem: failure.problem,
        retryAfterMs: patience(failure, operation),
        concerns: 'balancer',
      };
  }
}

/** What a whole tree may still take to be accepted after a gateway gave up waiting for it. */
const lateCreateMs = 25_000;

/**
 * A balancer of which nothing is known may still be on its way: no list shows it until it is accepted, and one that is asked for too soon
 * is a second balancer.
 */
function patience({ answer, retryAfterMs }: Extract<Failure, { kind: 'unavailable' }>, { kind }: Operation) {
  if (answer === 'given' || kind !== 'createLoadBalancer') return retryAfterMs;
  return Math.max(lateCreateMs, retryAfterMs ?? 0);
}

/** Of a plan of which nothing was carried out. */
export function nothingWritten(refused: readonly Refusal[]): Outcome {
  const first = refused.find(({ operation }) => operation.unit === undefined) ?? refused[0];
  if (first === undefined) return { kind: 'settled' };
  const concerns = first.operation.unit === undefined ? 'balancer' : 'units';
  return { kind: 'failed', problem: first.problem, retryAfterMs: undefined, concerns };
}

/**
 * After a refused create, the later writes of the same unit have nothing to stand on. Deletes go on, for at quota they are what helps; but
 * not that of a pool which something still points to, nor that of a rule that only others make superfluous: without it its policy would
 * match too much.
 */
function blocks(refused: Operation, next: Operation): boolean {
  const repointed = next.kind === 'deletePool' && next.after === 'repointing';
  if (repointed && (refused.kind === 'updateListener' || refused.kind === 'updatePolicy')) return true;
  const superfluous = next.kind === 'deleteRule' && next.after === 'update';
  if (next.kind.startsWith('delete') && !repointed && !superfluous) return false;
  if (refused.kind === 'createLoadBalancer' || refused.kind === 'createVipPort') return true;
  const { unit } = refused;
  return (
    unit !== undefined &&
    next.unit?.owner === unit.owner &&
    next.unit.rule === unit.rule &&
    !refused.kind.startsWith('delete')
  );
}

function isOctavia({ kind }: Operation): boolean {
  switch (kind) {
    case 'createVipPort':
    case 'createFloatingIP':
    case 'attachFloatingIP':
    case 'detachFloatingIP':
    case 'deleteFloatingIP':
    case 'deleteVipPort':
      return false;
    default:
      return true;
  }
}

/** For one that others keep busy: when that ends is not known, and whoever waits here keeps other balancers waiting for their turn. */
const briefMs = 5_000;

/** Waits for a busy balancer, within one budget for the whole plan that grows with every write that went through. */
class Waiter {
  readonly #cloud: SdkCloud;
  readonly #budget: Milliseconds;
  readonly #signal: AbortSignal;
  #busySince: number | undefined;
  #madeBusyBy: 'us' | 'others' = 'others';

  constructor(cloud: SdkCloud, budget: Milliseconds, signal: AbortSignal) {
    this.#cloud = cloud;
    this.#budget = budget;
    this.#signal = signal;
  }

  wrote(): void {
    this.#madeBusyBy = 'us';
    this.foundBusy();
  }

  foundBusy(): void {
    this.#busySince = this.#cloud.octavia.clock.now();
  }

  async untilIfDirty(id: CloudId): Promise<Outcome | undefined> {
    return this.#busySince === undefined ? undefined : this.until(id);
  }

  async until(id: CloudId | undefined): Promise<Outcome | undefined> {
    if (id === undefined || this.#busySince === undefined) return undefined;
    const budgetMs = this.#madeBusyBy === 'us' ? this.#budget : Math.min(this.#budget, briefMs);
    const { state } = await this.#cloud.octavia.untilMutable({
      id,
      budgetMs,
      busySince: this.#busySince,
      signal: this.#signal,
    });
    if (state === 'waiting')
      return {
        kind: 'waiting',
        problem: {
          reason: 'BalancerBusy',
          message: `The load balancer has been busy for more than ${Math.round(budgetMs / 1000)} s. It is looked at again by itself.`,
        },
      };
    this.#busySince = undefined;
    // in ERROR or gone: what the plan was made for is no longer so
    return state === 'ACTIVE' ? undefined : { kind: 'changed' };
  }

  async untilGone(id: CloudId): Promise<Outcome | undefined> {
    const { state } = await this.#cloud.octavia.untilMutable({
      id,
      budgetMs: this.#budget,
      busySince: this.#cloud.octavia.clock.now(),
      signal: this.#signal,
    });
    this.#busySince = undefined;
    if (state === 'gone') return undefined;
    return {
      kind: 'waiting',
      problem: {
        reason: 'WaitingForCloud',
        message: `The load balancer is still being removed (${state}). It is looked at again by itself.`,
      },
    };
  }
}
