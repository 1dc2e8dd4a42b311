import { backoff, type Clock, pause } from './clock.ts';
import { isLater, keyOf, type KubeObject } from './kube-object.ts';
import { hasAnswered, hasStatus, type Kube, retryAfter } from './kube-request.ts';
import { isExpired, watchEvents } from './watch-events.ts';
import { type WholeList, wholeList } from './whole-list.ts';

/** An object came, changed or went: `before` or `after` is undefined, never both. */
export interface Change<Kept> {
  readonly key: string;
  readonly before: Kept | undefined;
  readonly after: Kept | undefined;
}

/** `failed` is followed by a new try; what is known stays readable meanwhile. */
export type InformerState =
  | { readonly kind: 'listed'; readonly objects: number }
  | { readonly kind: 'watching' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface InformerOptions<Kept> {
  readonly kube: Pick<Kube, 'json' | 'stream'>;
  /** Of the collection, as apiPath() makes it. */
  readonly path: string;
  /** What is kept of an object: memory is for what decisions need. Must not throw. */
  readonly keep: (object: KubeObject) => Kept;
  readonly onChange: (change: Change<Kept>) => void;
  readonly onState?: (state: InformerState) => void;
  readonly clock: Clock;
  readonly times?: InformerTimes;
  /** Objects a page; default 500. */
  readonly pageSize?: number;
}

/** Milliseconds. */
export interface InformerTimes {
  /** What the API server is asked to end a watch after; up to twice as long, so that not all of them end at once. */
  readonly watch: number;
  readonly inactivity: number;
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  /** Before a list that came back empty is asked for again. */
  readonly doubt: number;
  /** How old a list may be that is still called fresh. */
  readonly fresh: number;
}

const usualTimes: InformerTimes = {
  watch: 300_000,
  inactivity: 150_000,
  backoff: { baseMs: 500, capMs: 30_000 },
  doubt: 2_000,
  fresh: 5_000,
};

/** So many failures at one position are the position's fault. */
const mostFruitless = 3;
const briefMs = 1_000;

interface Entry<Kept> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly kept: Kept;
}

/**
 * One kind of objects as the API server last told: listed in pages, then watched from there, listed again only when the API
 * server has forgotten where we were. Lives until stop(); no failure ends it.
 */
export class Informer<Kept> {
  readonly #options: InformerOptions<Kept>;
  readonly #times: InformerTimes;
  readonly #entries = new Map<string, Entry<Kept>>();
  readonly #stop = new AbortController();
  readonly #synced = Promise.withResolvers<void>();
  #isSynced = false;
  /** Where the next watch starts; undefined: list first. */
  #position: string | undefined;
  /** How often a watch brought us further. */
  #advances = 0;
  /** Failures in a row that brought us no further. */
  #fruitless = 0;
  #run: Promise<void> | undefined;
  /** When the last list was asked for; undefined: none came yet. */
  #listedAt: number | undefined;
  /** Ends the watch that is open. */
  #cut = new AbortController();
  /** Waited for by those who asked for a fresh list. */
  #fresh = Promise.withResolvers<void>();

  constructor(options: InformerOptions<Kept>) {
    this.#options = options;
    this.#times = options.times ?? usualTimes;
  }

  start(): void {
    this.#run ??= this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the informer was stopped'));
    await this.#run;
  }

  /** Resolves after the first complete list. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /**
   * Lists again, unless that was just done, and resolves when what is known is as new as that: a watch can be dead and say nothing of
   * it for as long as `inactivity`. Resolves never while the API server is away.
   */
  refreshed(): Promise<void> {
    const { clock } = this.#options;
    if (this.#listedAt !== undefined && clock.now() - this.#listedAt < this.#times.fresh) return Promise.resolve();
    this.#position = undefined;
    this.#cut.abort(new Error('a fresh list is wanted'));
    return this.#fresh.promise;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  get path(): string {
    return this.#options.path;
  }

  get(key: string): Kept | undefined {
    return this.#entries.get(key)?.kept;
  }

  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  values(): readonly Kept[] {
    return [...this.#entries.values()].map((entry) => entry.kept);
  }

  /**
   * Takes in the answer to a write of our own at once, so that the next pass does not decide on what stood there before it.
   * Only ever a later state of an object that is known; its coming and going is the API server's to tell.
   */
  accept(object: KubeObject): void {
    const known = this.#entries.get(keyOf(object));
    if (known?.uid === object.metadata.uid) this.#upsert(object, 'single');
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    const { clock } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      const began = clock.now();
      const from = this.#advances;
      let wish = 0;
      this.#cut = new AbortController();
      try {
        this.#position ??= await this.#list();
        await this.#watch();
        // a watch that ends as soon as it began was refused politely
        failures = clock.now() - began < briefMs ? failures + 1 : 0;
      } catch (error) {
        if (signal.aborted) return;
        if (this.#cut.signal.aborted) {
          failures = 0;
          continue;
        }
        // one that was of use is worth a new one soon
        const useful = this.#advances > from || clock.now() - began > this.#times.backoff.capMs;
        failures = useful ? 1 : failures + 1;
        wish = retryAfter(error) ?? 0;
        this.#doubtPosition(error);
        this.#options.onState?.(isExpired(error) ? { kind: 'expired' } : { kind: 'failed', error });
      }
      await pause(clock, Math.max(wish, backoff(failures, this.#times.backoff, clock)), signal);
    }
  }

  /** Versions get lost in more ways than 410: a restored API server calls ours too large, for ever. */
  #doubtPosition(error: unknown): void {
    // an API server that is away or busy has not looked at it
    if (!hasAnswered(error) || hasStatus(error, 401, 429, 503)) return;
    this.#fruitless += 1;
    if (isExpired(error) || this.#fruitless >= mostFruitless) this.#position = undefined;
  }

  #advance(position: string): void {
    // what was on its way when a list was wanted does not spare it
    if (!this.#cut.signal.aborted) this.#position = position;
    this.#advances += 1;
    this.#fruitless = 0;
  }

  /** Replaces all that is known; nothing changes before the last page has come. Answers with the list's own version. */
  async #list(): Promise<string> {
    const asked = this.#options.clock.now();
    let listed = await this.#ask();
    if (listed.objects.size === 0 && (this.#entries.size > 0 || !this.#isSynced)) {
      // An API server that has just lost its data answers like one whose objects were all deleted; and at a start the cloud may
      // hold what is remembered nowhere else. Said twice, it is believed.
      await pause(this.#options.clock, this.#times.doubt, this.#stop.signal);
      listed = await this.#ask();
    }
    for (const key of this.#entries.keys()) if (!listed.objects.has(key)) this.#remove(key);
    for (const object of listed.objects.values()) this.#upsert(object, 'list');
    this.#fruitless = 0;
    this.#isSynced = true;
    this.#synced.resolve();
    this.#listedAt = asked;
    this.#fresh.resolve();
    this.#fresh = Promise.withResolvers();
    this.#options.onState?.({ kind: 'listed', objects: listed.objects.size });
    return listed.version;
  }

  #ask(): Promise<WholeList> {
    const { kube, path, pageSize = 500 } = this.#options;
    return wholeList({ kube, path, pageSize, signal: this.#stop.signal });
  }

  async #watch(): Promise<void> {
    const { kube, path, clock, onState } = this.#options;
    const signal = AbortSignal.any([this.#stop.signal, this.#cut.signal]);
    const body = await kube.stream({
      method: 'GET',
      path,
      query: {
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: this.#position,
        timeoutSeconds: Math.ceil((this.#times.watch / 1000) * (1 + clock.random())),
      },
      signal,
    });
    onState?.({ kind: 'watching' });
    for await (const { type, object } of watchEvents(body, { clock, inactivityMs: this.#times.inactivity })) {
      if (type === 'DELETED') this.#remove(keyOf(object));
      else if (type !== 'BOOKMARK') this.#upsert(object, 'single');
      this.#advance(object.metadata.resourceVersion);
    }
  }

  #upsert(object: KubeObject, from: 'list' | 'single'): void {
    const key = keyOf(object);
    const { uid, resourceVersion } = object.metadata;
    const known = this.#entries.get(key);
    if (known?.uid === uid) {
      // A list is right even when it goes back in time: a cluster was restored from a backup then.
      const news =
        from === 'list' ? resourceVersion !== known.resourceVersion : isLater(resourceVersion, known.resourceVersion);
      if (!news) return;
    }
    const kept = this.#options.keep(object);
    this.#entries.set(key, { uid, resourceVersion, kept });
    this.#options.onChange({ key, before: known?.kept, after: kept });
  }

  #remove(key: string): void {
    const known = this.#entries.get(key);
    if (known === undefined) return;
    this.#entries.delete(key);
    this.#options.onChange({ key, before: known.kept, after: undefined });
  }
}
