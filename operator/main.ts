#!/usr/bin/env node
import { hash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { environmentCredentials } from 'openstack-sdk-lite/config/environment';
import { type Edges, program } from './cli/program.ts';
import type { Releasing } from './cli/release.ts';
import type { Config, ReleaseConfig } from './config.ts';
import { placeOf } from './core/intake/place.ts';
import { balancerName, type Instant } from './core/model/brand.ts';
import type { PlacePolicy } from './core/model/plain-service.ts';
import { Caches } from './kube/caches.ts';
import { waitForKubernetes } from './kube/check-kubernetes.ts';
import { systemClock } from './kube/clock.ts';
import { finalizedBalancers } from './kube/finalized-balancers.ts';
import { finalizedServices } from './kube/finalized-services.ts';
import { type Kube, kubeOver } from './kube/kube-request.ts';
import { KubernetesCluster } from './kube/kubernetes-cluster.ts';
import { leaseState } from './kube/lease-holder.ts';
import { OctopoolOperator } from './kube/operator.ts';
import { loadKubeConfig } from './kube/pooled-kube-config.ts';
import { secretText } from './kube/secret-text.ts';
import { WriteFence } from './kube/write-fence.ts';
import { writeFinalizer } from './kube/write-finalizer.ts';
import type { Deps } from './loop/deps.ts';
import { emptyMemory } from './loop/memory.ts';
import { Needs } from './loop/needs.ts';
import { pass } from './loop/pass.ts';
import { timed } from './loop/timed.ts';
import { OctaviaCloud } from './octavia/cloud.ts';
import { startHttpServer } from './telemetry/http-server.ts';
import { jsonLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { userAgent, version } from './version.ts';

const passBudgetMs = 60_000;
const startDeadlineMs = 30_000;
const releaseDeadlineMs = 600_000;
const leaseName = 'octopool-operator';

/** Wires the rooms, and runs until SIGTERM or SIGINT. Resolves with the exit code. */
async function runOperator(config: Config): Promise<number> {
  const log = jsonLogger(config.logLevel);
  const metrics = createMetrics();
  const kubeConfig = loadKubeConfig(config.kubeconfig);
  const kube = kubeOver(kubeConfig);
  const fence = new WriteFence();
  const cloud = openCloud(config, kube, fence);
  const stop = stopSignal();
  const state: { caches?: Caches } = {};
  // alive from the beginning, so that waiting for an API server is not taken for hanging
  const server = await startHttpServer({
    ...config.listen,
    registry: metrics.registry,
    ready: () => state.caches?.synced ?? false,
  });
  try {
    log.info('octopool started', { version, port: server.port });
    const onPassing = (detail: string): void => log.warn('Kubernetes not usable yet', { detail });
    const checked = await waitForKubernetes({ kube, clock: systemClock, onPassing, stop });
    if (checked === undefined) return 0;
    if (checked.kind === 'setting') return refuse(checked.problem);
    const trouble = await cloud.check(AbortSignal.any([stop, AbortSignal.timeout(startDeadlineMs)]));
    if (stop.aborted) return 0;
    if (trouble?.kind === 'setting') return refuse(trouble.message);
    // a cloud that is away, or a password that is being changed, is told in conditions and tried again
    if (trouble !== undefined) log.warn('cloud not usable yet', { detail: trouble.message });
    const identity = `${config.identity}_${randomUUID().slice(0, 8)}`;
    const { clusterUid } = checked;
    const wired = wire({ config, kubeConfig, kube, cloud, fence, log, metrics, identity, clusterUid });
    state.caches = wired.caches;
    await serve(wired.operator, stop);
    return 0;
  } finally {
    await server.close();
    await cloud.close();
    await kubeConfig.close();
  }
}

/** Aborted by SIGTERM and SIGINT; as process 1 of a container they would else do nothing. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new Error('the process was asked to stop'));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  return stopping.signal;
}

async function serve(operator: OctopoolOperator, stop: AbortSignal): Promise<void> {
  stop.addEventListener('abort', () => operator.stop(), { once: true });
  if (stop.aborted) return;
  await operator.start();
}

function refuse(problem: string): number {
  process.stderr.write(`octopool: ${problem}\n`);
  return 1;
}

function openCloud(config: Config, kube: Kube, { beforeWrite }: WriteFence): OctaviaCloud {
  return new OctaviaCloud({
    beforeWrite,
    own: environmentCredentials(config.environment),
    region: config.region,
    userAgent: [config.userAgent ?? [], userAgent].flat().join(' '),
    secretText: (ref, signal) => secretText(kube, ref, signal),
  });
}

interface Parts {
  readonly config: Config;
  readonly kubeConfig: ReturnType<typeof loadKubeConfig>;
  readonly kube: Kube;
  readonly cloud: OctaviaCloud;
  readonly fence: WriteFence;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly identity: string;
  readonly clusterUid: KubernetesCluster['uid'];
}

interface Wired {
  readonly operator: OctopoolOperator;
  readonly caches: Caches;
}

function wire(parts: Parts): Wired {
  const { config, kubeConfig, kube, cloud, fence, log, metrics, identity, clusterUid } = parts;
  const placePolicy = policyOf(config);
  const caches = new Caches({
    placeOf: (service) => placeOf(service, placePolicy),
    defaultBalancer: placePolicy.defaultBalancer,
    kube,
    clock: systemClock,
    onWake: (wake) => operator.wake(wake),
    onState: (path, state) => {
      if (state.kind === 'failed') log.warn('informer', { path, state: state.kind, error: messageOf(state.error) });
      else log.debug('informer', { path, state: state.kind });
    },
  });
  const cluster = new KubernetesCluster({ uid: clusterUid, caches, kube, clock: systemClock, log, identity });
  const deps: Deps = {
    cluster,
    cloud,
    now: () => Date.now() as Instant,
    digest: (text) => hash('sha256', text),
    log,
    metrics,
    budget: passBudgetMs,
    jitter: () => Math.random(),
    needs: new Needs(),
    wakeNodes: () => operator.wake({ keys: ['nodes'], window: { settle: 0, atMost: 0 } }),
    ...emptyMemory(),
    placePolicy,
    nodePortRange: config.nodePortRange,
    nodeSecurityGroup: config.nodeSecurityGroup,
    nodeFloatingIPs: config.nodeFloatingIPs,
  };
  const operator = new OctopoolOperator({
    kubeConfig,
    kube,
    caches,
    clock: systemClock,
    log,
    fence,
    concurrency: config.concurrency,
    lease: config.lease === 'off' ? undefined : { namespace: config.namespace, name: leaseName, identity },
    onLeading: (state) => {
      metrics.leads(state);
      deps.needs.forget();
    },
    work: (key, signal) => timed(deps, () => pass(key, deps, signal)),
  });
  return { operator, caches };
}

function policyOf({ classlessServices, defaultBalancer, defaultInternalBalancer }: Config): PlacePolicy {
  return {
    classless: classlessServices,
    defaultBalancer: nameOf(defaultBalancer),
    defaultInternalBalancer: nameOf(defaultInternalBalancer),
  };
}

function nameOf(named: Config['defaultBalancer']): PlacePolicy['defaultBalancer'] {
  return named === undefined ? undefined : balancerName(named.namespace, named.name);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function openRelease({ kubeconfig, namespace }: ReleaseConfig): Releasing {
  const kubeConfig = loadKubeConfig(kubeconfig);
  const kube = kubeOver(kubeConfig);
  const signal = AbortSignal.timeout(releaseDeadlineMs);
  return {
    lease: () => leaseState({ kube, namespace, name: leaseName, clock: systemClock, signal }),
    balancers: () => releasable(kube, signal),
    letGo: async ({ kind, ...meta }) => void (await writeFinalizer(kube, { kind, meta }, 'remove', signal)),
    close: () => kubeConfig.close(),
  };
}

async function releasable(kube: Kube, signal: AbortSignal): ReturnType<Releasing['balancers']> {
  const shared = await finalizedBalancers(kube, signal);
  const services = await finalizedServices(kube, signal);
  return [
    ...shared.map((one) => ({ kind: 'SharedBalancer', ...one }) as const),
    ...services.map(
      ({ address, ...one }) => ({ kind: 'Service', holdsFinalizer: true, loadBalancer: address, ...one }) as const,
    ),
  ];
}

/** The version below which the Kubernetes client fails in odd ways. */
function nodeTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 19);
}

if (nodeTooOld()) process.exit(refuse(`Node ${process.versions.node} is too old; 22.19 or newer is needed.`));
const output = {
  say: (line: string) => void process.stdout.write(`${line}\n`),
  complain: (line: string) => void process.stderr.write(`${line}\n`),
};
const edges: Edges = {
  operator: runOperator,
  releasing: openRelease,
  responding: () => ({ stop: stopSignal(), after: (ms, task) => systemClock.after(ms, task), log: jsonLogger('info') }),
  output,
  environment: process.env,
  hostname: hostname(),
  version,
};
try {
  await program(edges, (code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  process.exitCode = refuse(messageOf(error));
}
