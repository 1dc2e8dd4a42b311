import dotI, { type OperatorLogger, type ResourceMeta } from '@dot-i/k8s-operator';
import { CoreV1Api } from '@kubernetes/client-node';
import type { Logger } from '../telemetry/logger.ts';
import { apiPath } from './kube-object.ts';
import type { PooledKubeConfig } from './pooled-kube-config.ts';

// CommonJS: the class is module.exports.default
const { default: Operator } = dotI;

/**
 * The frame that the operator hangs in: start() runs init(), stop() ends it. What the base class would do about watches, statuses
 * and finalizers by itself is closed off, because it ends the process when a watch fails, hides refused statuses and drops
 * finalizers of others; this room's informer and writers do that work.
 */
export abstract class OperatorSkeleton extends Operator {
  declare protected readonly kubeConfig: PooledKubeConfig;
  readonly #stopping = new AbortController();

  constructor(kubeConfig: PooledKubeConfig, log: Logger) {
    super(plainLogger(log));
    Object.assign(this, { kubeConfig });
    this.k8sApi = kubeConfig.makeApiClient(CoreV1Api);
  }

  /** Aborted by stop(); init() ends in good order then. */
  protected get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  override stop(): void {
    this.#stopping.abort(new Error('the operator was asked to stop'));
  }

  protected override getCustomResourceApiUri(
    group: string,
    version: string,
    plural: string,
    namespace?: string,
  ): string {
    return `${this.kubeConfig.getCurrentCluster()?.server ?? ''}${apiPath(`${group}/${version}`, plural, namespace)}`;
  }

  protected override registerCustomResourceDefinition(): Promise<never> {
    return closedOff('custom resource definitions come with the manifests; the operator has no right to write them');
  }

  protected override watchResource(): Promise<never> {
    return closedOff('informers watch');
  }

  protected override setResourceStatus(_: ResourceMeta): Promise<never> {
    return closedOff('statuses are written by server-side apply');
  }

  protected override patchResourceStatus(_: ResourceMeta): Promise<never> {
    return closedOff('statuses are written by server-side apply');
  }

  protected override setResourceFinalizers(_: ResourceMeta): Promise<never> {
    return closedOff('finalizers are written onto the version that was read');
  }
}

function closedOff(instead: string): Promise<never> {
  return Promise.reject(new Error(`not a way of this operator: ${instead}`));
}

/** The base class knows texts only. */
function plainLogger(log: Logger): OperatorLogger {
  return {
    debug: (message) => log.debug(message),
    info: (message) => log.info(message),
    warn: (message) => log.warn(message),
    error: (message) => log.error(message),
  };
}
