import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Cluster, KubeConfig, type RequestContext } from '@kubernetes/client-node';
import { Agent, type Dispatcher } from 'undici';

type DispatcherOptions = ReturnType<KubeConfig['createDispatcherOptions']>;
type AgentOptions = Parameters<KubeConfig['createDispatcherOptions']>[1];
type TlsOptions = Extract<DispatcherOptions, { type: 'agent' }>['connect'];

/** From a file, or from where every Kubernetes client looks: KUBECONFIG, the home directory, the Pod's own account. Throws with cause and fix. */
export function loadKubeConfig(path: string | undefined): PooledKubeConfig {
  const config = new PooledKubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    const which = path === undefined ? 'The usual kubeconfig' : `The kubeconfig ${path}`;
    throw new Error(`${which} cannot be read (${why}). Name another with --kubeconfig or KUBECONFIG.`, { cause });
  }
  return config;
}

/**
 * client-node opens a new TLS connection for every request. This one keeps two pools for each set of TLS options:
 *
 *   requests   bounded: a storm of writes must not open a thousand connections
 *   watches    unbounded: over HTTP/1.1 an open watch holds its connection for minutes; in one bounded pool with the
 *              requests, watches would leave no connection for the requests that they cause
 */
export class PooledKubeConfig extends KubeConfig {
  readonly #pools = new Map<string, Agent>();
  #tls: TlsOptions | undefined;

  /** The base class asks this just before it would build an Agent: remember the TLS options, and answer "build none". A proxy is left to the base. */
  override createDispatcherOptions(cluster: Cluster | null, agentOptions: AgentOptions): DispatcherOptions {
    const options = super.createDispatcherOptions(cluster, agentOptions);
    this.#tls = options.type === 'agent' ? options.connect : undefined;
    return options.type === 'agent' ? { type: 'none' } : options;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    await this.#applyToken(context);
    const tls = this.#tls;
    if (tls === undefined) return;
    const isWatch = new URL(context.getUrl()).searchParams.has('watch');
    context.setDispatcher(this.#poolFor(tls, isWatch ? 'watches' : 'requests'));
  }

  /**
   * The kubelet exchanges a Pod's token while the process runs. The base class looks at the file once a minute by the time of
   * day: after a token was exchanged early, or the clock set back, it goes on with one that is refused. The file lies in memory.
   */
  async #applyToken(context: RequestContext): Promise<void> {
    const file: unknown = this.getCurrentUser()?.authProvider?.config?.tokenFile;
    if (typeof file !== 'string') return;
    context.setHeaderParam('Authorization', `Bearer ${(await readFile(file, 'utf8')).trim()}`);
  }

  /** Ends every connection, open watches too. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #poolFor(tls: TlsOptions, use: 'watches' | 'requests'): Dispatcher {
    const fingerprint = tlsFingerprint(tls);
    const name = `${fingerprint} ${use}`;
    const there = this.#pools.get(name);
    if (there !== undefined) return there;
    this.#retireExcept(fingerprint);
    const pool = new Agent({
      // a spread makes the optional fields possibly undefined, which undici reads as left out
      connect: { ...tls } as Agent.Options['connect'] & object,
      connections: use === 'watches' ? null : 16,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 60_000,
      headersTimeout: 30_000,
      bodyTimeout: 0, // the callers have deadlines of their own; a watch may be silent for a minute
    });
    this.#pools.set(name, pool);
    return pool;
  }

  /** Pools of a client certificate that was rotated away finish what they have under way. */
  #retireExcept(fingerprint: string): void {
    for (const [name, pool] of this.#pools) {
      if (name.startsWith(fingerprint)) continue;
      this.#pools.delete(name);
      void pool.close().catch(() => undefined); // its last requests report their own failures
    }
  }
}

function tlsFingerprint({ ca, cert, key, pfx, servername, rejectUnauthorized }: TlsOptions): string {
  const parts = [ca, cert, key, pfx, servername, rejectUnauthorized].map(String);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
