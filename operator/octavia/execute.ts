import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { CloudId, Milliseconds } from '../core/model/brand.ts';
import type { Done, Operation, Outcome, Plan } from '../core/model/plan.ts';
import type { FreshPolicies } from './fresh-policies.ts';
import { type Failure, judge } from './failure.ts';
import { type Bench, Missing } from './bench.ts';
import { isOctavia } from './is-octavia.ts';
import { perform } from './perform.ts';
import { Turn } from './turn.ts';
import { Waiter } from './waiter.ts';

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
  const turn = new Turn(() => cloud.octavia.clock.now());
  const applied: Operation[] = [];
  const refused: Refusal[] = [];
  for (const operation of order.plan.operations) {
    const blocker = refused.find((one) => blocks(one.operation, operation));
    if (blocker !== undefined) {
      refused.push({ operation, problem: blocker.problem });
      continue;
    }
    if (turn.isOver(operation)) {
      const busy = await waiter.until(bench.loadBalancerID);
      return { applied, refused, outcome: busy ?? { kind: 'unfinished' } };
    }
    const stop = await attempt({ operation, bench, waiter, turn, applied, refused });
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
  readonly turn: Turn;
  readonly applied: Operation[];
  readonly refused: Refusal[];
}

/** A balancer comes back from every change; a child that does not come back with it will not. */
const mostTries = { balancer: 20, child: 2 } as const;

/** undefined: go on. */
async function attempt({ operation, bench, waiter, turn, applied, refused }: Attempt): Promise<Outcome | undefined> {
  for (let tries = 0; ; tries += 1) {
    if (isOctavia(operation) && bench.loadBalancerID !== undefined) {
      const busy = await waiter.untilIfDirty(bench.loadBalancerID);
      if (busy !== undefined) return busy;
    }
    try {
      await perform(operation, bench);
      applied.push(operation);
      turn.wrote(operation);
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
