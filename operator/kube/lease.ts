import { type Clock, microTime, pause } from './clock.ts';
import { type Kube, hasStatus } from './kube-request.ts';

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

/** What leading is given: `stop` asks it to end in good order, `lost` says that another may be leading already. */
export interface Leadership {
  readonly stop: AbortSignal;
  readonly lost: AbortSignal;
}

/**
 * Election by a coordination.k8s.io Lease. Whether another holder is alive is judged by how long its record has not changed on
 * our own clock, never by the times in it: clocks of two machines differ.
 */
export class LeaseElection {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  #observed: { readonly record: string; readonly at: number } | undefined;
  #held: Lease | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#times = options.times ?? usualTimes;
  }

  /** Leads whenever it may, until `stop`; then ends `lead` in good order and gives the Lease back. */
  async run(lead: (leadership: Leadership) => Promise<void>, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      if (await this.#acquireOrRenew()) await this.#lead(lead, stop);
      else await this.#pause(stop);
    }
  }

  async #lead(lead: (leadership: Leadership) => Promise<void>, stop: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const ended = new AbortController();
    const work = lead({ stop, lost: lost.signal }).finally(() => ended.abort());
    // Renewal goes on while the work ends: an orderly end may take longer than the Lease lasts.
    await this.#renewUntil(ended.signal, lost);
    await work;
    if (!lost.signal.aborted) await this.#release();
  }

  async #renewUntil(ended: AbortSignal, lost: AbortController): Promise<void> {
    const { clock } = this.#options;
    const overdue = (): void => lost.abort(new Error('the lease could not be renewed in time'));
    let cancel = clock.after(this.#times.renewDeadline, overdue);
    while (!ended.aborted && !lost.signal.aborted) {
      await this.#pause(AbortSignal.any([ended, lost.signal]));
      if (ended.aborted || lost.signal.aborted) break;
      const asked = clock.now();
      if (await this.#acquireOrRenew()) {
        cancel();
        cancel = clock.after(asked + this.#times.renewDeadline - clock.now(), overdue);
      } else if (this.#held === undefined) lost.abort(new Error('another process holds the lease'));
    }
    cancel();
  }

  /** Whether the Lease is ours now. `#held` is undefined afterwards when it is known to be another's. */
  async #acquireOrRenew(): Promise<boolean> {
    try {
      const lease = await this.#read();
      if (lease === undefined) return this.#wrote(await this.#create());
      this.#observe(lease);
      const holder = lease.spec.holderIdentity ?? '';
      const mine = holder === this.#options.identity;
      if (!mine) this.#held = undefined;
      if (!mine && holder !== '' && !this.#expired(lease)) return false;
      return this.#wrote(await this.#replace(lease, this.#record(mine ? lease : undefined, lease)));
    } catch (error) {
      // 409: another was faster, which is what the election is for
      if (!hasStatus(error, 409)) this.#options.onTrouble(error);
      return false;
    }
  }

  #observe(lease: Lease): void {
    const record = JSON.stringify(lease.spec);
    if (this.#observed?.record !== record) this.#observed = { record, at: this.#options.clock.now() };
  }

  #expired({ spec }: Lease): boolean {
    const promised = (spec.leaseDurationSeconds ?? this.#times.duration / 1000) * 1000;
    return this.#observed !== undefined && this.#options.clock.now() - this.#observed.at > promised;
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
