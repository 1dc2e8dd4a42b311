import type { Cloud as SdkCloud } from 'openstack-sdk-lite/cloud';
import type { CloudId, Milliseconds } from '../core/model/brand.ts';
import type { Outcome } from '../core/model/plan.ts';

/** For one that others keep busy: when that ends is not known, and whoever waits here keeps other balancers waiting for their turn. */
const briefMs = 5_000;

/** Waits for a busy balancer, within one budget for the whole plan that grows with every write that went through. */
export class Waiter {
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
