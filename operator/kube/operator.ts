import type { BalancerName } from '../core/model/brand.ts';
import { errorFields, type Logger } from '../telemetry/logger.ts';
import type { Caches } from './caches.ts';
import type { Clock } from './clock.ts';
import type { ControllerKey, Wake } from './concerned-keys.ts';
import { type Again, KeyedQueue } from './keyed-queue.ts';
import { type Kube, retryAfter } from './kube-request.ts';
import { LeaseElection } from './lease.ts';
import type { Leadership } from './lease-term.ts';
import { OperatorSkeleton } from './operator-skeleton.ts';
import type { PooledKubeConfig } from './pooled-kube-config.ts';
import type { WriteFence } from './write-fence.ts';

export interface OperatorOptions {
  readonly kubeConfig: PooledKubeConfig;
  readonly kube: Kube;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly log: Logger;
  /** One pass over one key. */
  readonly work: (key: ControllerKey, signal: AbortSignal) => Promise<Again>;
  /** Keys worked on at the same time. */
  readonly concurrency: number;
  /** undefined: without election, where a single process is certain. */
  readonly lease: { readonly namespace: string; readonly name: string; readonly identity: string } | undefined;
  /** Opened while this process leads. */
  readonly fence: WriteFence;
  readonly onLeading: (state: 'leader' | 'standby') => void;
}

/** What a pass may take to end by itself once the process is asked to stop; a Pod has 30 s in all. */
const graceMs = 20_000;
const failureBackoff = { baseMs: 1_000, capMs: 300_000 };

/**
 * Fills the caches, waits until it leads, and then works on every key that a change wakes. Who comes to lead lists everything first: a
 * standby whose watches are silently dead would take what it never heard of for gone, and remove it from the cloud.
 */
export class OctopoolOperator extends OperatorSkeleton {
  readonly #options: OperatorOptions;
  #queue: KeyedQueue<ControllerKey> | undefined;

  constructor(options: OperatorOptions) {
    super(options.kubeConfig, options.log);
    this.#options = options;
  }

  /** Concerns nobody while another leads: who comes to lead looks at everything. */
  wake({ keys, window }: Wake): void {
    for (const key of keys) this.#queue?.add(key, window);
  }

  /** Ends when stop() was called and all work has ended. */
  protected async init(): Promise<void> {
    const { caches, lease, kube, clock, log } = this.#options;
    const stopped = new Promise<void>((resolve) => this.stopping.addEventListener('abort', () => resolve()));
    await Promise.race([caches.start(), stopped]);
    try {
      if (this.stopping.aborted) return;
      log.info('caches filled');
      if (lease === undefined)
        await this.#lead({ stop: this.stopping, lost: new AbortController().signal, check: () => undefined });
      else {
        const onTrouble = (error: unknown): void => log.warn('lease not written', errorFields(error));
        const election = new LeaseElection({ ...lease, kube, clock, onTrouble });
        await election.run((leadership) => this.#lead(leadership), this.stopping);
      }
    } finally {
      await caches.stop();
    }
  }

  async #lead({ stop, lost, check }: Leadership): Promise<void> {
    const { caches, clock, work, log, concurrency, fence, onLeading } = this.#options;
    await Promise.race([caches.refreshed(), aborted(stop, lost)]);
    if (stop.aborted || lost.aborted) return;
    log.info('leading');
    fence.open(check);
    onLeading('leader');
    const queue = new KeyedQueue<ControllerKey>({
      work: (key, signal) => work(key, AbortSignal.any([signal, lost])),
      clock,
      concurrency,
      backoff: failureBackoff,
      wish: retryAfter,
      onError: (key, error, again) =>
        log.error('pass failed', { key, againMs: Math.round(again), ...errorFields(error) }),
    });
    this.#queue = queue;
    this.wake({ keys: this.#everyKey(), window: { settle: 0, atMost: 0 } });
    await aborted(stop, lost);
    this.#queue = undefined;
    await queue.stop(lost.aborted ? 0 : graceMs);
    fence.close();
    onLeading('standby');
    log.info(lost.aborted ? 'leadership lost' : 'stopped');
  }

  /** A route may name a balancer that does not exist: its owner is to be told. */
  #everyKey(): readonly ControllerKey[] {
    const { caches } = this.#options;
    const balancers = caches.balancers.keys() as readonly BalancerName[];
    return [...new Set([...balancers, ...caches.named(), 'nodes' as const])];
  }
}

function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return Promise.resolve();
  return new Promise((resolve) => any.addEventListener('abort', () => resolve(), { once: true }));
}
