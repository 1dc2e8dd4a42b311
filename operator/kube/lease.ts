import { type Clock, microTime, pause } from './clock.ts';
import { type Kube, hasStatus } from './kube-request.ts';
import { type Leadership, LeaseTerm } from './lease-term.ts';

export interface LeaseOptions {
  readonly kube: Pick<Kube, 'json'>;
  readonly namespace: string;
  readonly name: string;
  /** Different in every process; the Pod's name and something that a restart changes. */
  readonly identity: string;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly times?: LeaseTimes;
  /** A try that failed; it is repeated by itself. */
  readonly onTrouble: (error: unknown) => void;
}

export interface LeaseTimes {
  /** How long others wait after the last sign of life before they take over. */
  readonly duration: number;
  /** After so long without a renewal the holder stops by itself; shorter than duration, so that two never work at once. */
  readonly renewDeadline: number;
  readonly retryPeriod: number;
}

const usualTimes: LeaseTimes = { duration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };

interface Lease {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion?: string };
  readonly spec: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/**
 * Election by a coordination.k8s.io Lease. Whether another holder is alive is judged by how long its record has not changed on
 * our own clock, never by the times in it: clocks of two machines differ.
 */
export class LeaseElection {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  #observed: { readonly record: string; readonly spec: Lease['spec']; readonly at: number } | undefined;
  #held: Lease | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#times = options.times ?? usualTimes;
  }

  /** Leads whenever it may, until `stop`; then ends `lead` in good order and gives the Lease back. */
  async run(lead: (leadership: Leadership) => Promise<void>, stop: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!stop.aborted) {
      const asked = clock.now();
      if (await this.#acquireOrRenew())
        await this.#lead(lead, stop, new LeaseTerm(clock, this.#times.renewDeadline, asked));
      else await this.#pause(stop);
    }
  }

  async #lead(lead: (leadership: Leadership) => Promise<void>, stop: AbortSignal, term: LeaseTerm): Promise<void> {
    const ended = new AbortController();
    const work = lead({ stop, lost: term.lost, check: term.check }).finally(() => ended.abort());
    // Renewal goes on while the work ends: an orderly end may take longer than the Lease lasts.
    await Promise.all([work, this.#renewUntil(ended.signal, term)]);
    if (!term.lost.aborted) await this.#release();
  }

  async #renewUntil(ended: AbortSignal, term: LeaseTerm): Promise<void> {
    const over = AbortSignal.any([ended, term.lost]);
    while (!over.aborted) {
      await this.#pause(over);
      if (over.aborted) break;
      const asked = this.#options.clock.now();
      if (await this.#acquireOrRenew()) term.extend(asked);
      else if (this.#held === undefined) term.lose('another process holds the lease');
    }
    term.end();
  }

  /** Whether the Lease is ours now. `#held` is undefined afterwards when it is known to be another's. */
  async #acquireOrRenew(): Promise<boolean> {
    try {
      const lease = await this.#read();
      if (lease === undefined) return this.#awaitsHolder() ? false : this.#wrote(await this.#create());
      this.#observe(lease);
      const mine = lease.spec.holderIdentity === this.#options.identity;
      if (!mine && this.#held !== undefined) {
        // somebody led in between, and may have changed everything: begin anew, even if it is free again
        this.#held = undefined;
        return false;
      }
      if (!mine && this.#awaitsHolder()) return false;
      return this.#wrote(await this.#replace(lease, this.#record(mine ? lease : undefined, lease)));
    } catch (error) {
      // 409: another was faster, which is what the election is for
      if (!hasStatus(error, 409)) this.#options.onTrouble(error);
      return false;
    }
  }

  /** Whether the last that we saw was another's, and it may still be working. A Lease that was deleted ends nobody's work. */
  #awaitsHolder(): boolean {
    if (this.#observed === undefined) return false;
    const { spec, at } = this.#observed;
    const holder = spec.holderIdentity ?? '';
    if (holder === '' || holder === this.#options.identity) return false;
    const promised = (spec.leaseDurationSeconds ?? this.#times.duration / 1000) * 1000;
    return this.#options.clock.now() - at <= promised;
  }

  #observe({ spec }: Lease): void {
    const record = JSON.stringify(spec);
    if (this.#observed?.record !== record) this.#observed = { record, spec, at: this.#options.clock.now() };
  }

  #wrote(lease: Lease): true {
    this.#held = lease;
    this.#observe(lease);
    return true;
  }

  #record(renewed: Lease | undefined, before: Lease | undefined): Lease['spec'] {
    const now = microTime(this.#options.clock.wall());
    return {
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: Math.ceil(this.#times.duration / 1000),
      acquireTime: renewed?.spec.acquireTime ?? now,
      renewTime: now,
      leaseTransitions: (before?.spec.leaseTransitions ?? 0) + (renewed === undefined && before !== undefined ? 1 : 0),
    };
  }

  /** So that the next process need not wait; one that cannot say it leaves the others to wait for the duration. */
  async #release(): Promise<void> {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    try {
      await this.#replace(held, { ...held.spec, holderIdentity: '', leaseDurationSeconds: 1 });
    } catch (error) {
      this.#options.onTrouble(error);
    }
  }

  async #read(): Promise<Lease | undefined> {
    try {
      return (await this.#send('GET', this.#path(), undefined)) as Lease;
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async #create(): Promise<Lease> {
    const { name, namespace } = this.#options;
    const path = this.#path().slice(0, -name.length - 1);
    return (await this.#send('POST', path, {
      metadata: { name, namespace },
      spec: this.#record(undefined, undefined),
    })) as Lease;
  }

  /** With the resourceVersion that was read: of two writers one gets 409. */
  async #replace(lease: Lease, spec: Lease['spec']): Promise<Lease> {
    return (await this.#send('PUT', this.#path(), { metadata: lease.metadata, spec })) as Lease;
  }

  #send(method: 'GET' | 'POST' | 'PUT', path: string, lease: Lease | undefined): Promise<unknown> {
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...lease };
    return this.#options.kube.json({
      method,
      path,
      ...(lease === undefined ? {} : { body }),
      deadline: this.#times.renewDeadline / 2,
      signal: new AbortController().signal, // its deadline is short, and a release must not be cut off by the stop that asks for it
    });
  }

  #path(): string {
    const { namespace, name } = this.#options;
    return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
  }

  #pause(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    return pause(clock, this.#times.retryPeriod * (1 + 0.2 * clock.random()), signal);
  }
}
