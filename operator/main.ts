#!/usr/bin/env node
import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { environmentCredentials } from 'openstack-sdk-lite/config/environment';
import { program } from './cli/program.ts';
import type { Config } from './config.ts';
import type { Instant } from './core/model/brand.ts';
import { Caches } from './kube/caches.ts';
import { checkKubernetes } from './kube/check-kubernetes.ts';
import { systemClock } from './kube/clock.ts';
import { type Kube, kubeOver } from './kube/kube-request.ts';
import { KubernetesCluster } from './kube/kubernetes-cluster.ts';
import { OctopoolOperator } from './kube/operator.ts';
import { loadKubeConfig } from './kube/pooled-kube-config.ts';
import { secretText } from './kube/secret-text.ts';
import { balancerPass } from './loop/balancer-pass.ts';
import type { Deps } from './loop/deps.ts';
import { Needs } from './loop/needs.ts';
import { nodesPass } from './loop/nodes-pass.ts';
import { timed } from './loop/timed.ts';
import { OctaviaCloud } from './octavia/cloud.ts';
import { startHttpServer } from './telemetry/http-server.ts';
import { jsonLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { userAgent, version } from './version.ts';

const passBudgetMs = 60_000;
const startDeadlineMs = 30_000;

/** Wires the rooms, and runs until SIGTERM or SIGINT. Resolves with the exit code. */
async function runOperator(config: Config): Promise<number> {
  const log = jsonLogger(config.logLevel);
  const metrics = createMetrics();
  const kubeConfig = loadKubeConfig(config.kubeconfig);
  const kube = kubeOver(kubeConfig);
  const cloud = openCloud(config, kube);
  try {
    const checked = await checkKubernetes(kube, AbortSignal.timeout(startDeadlineMs));
    if ('problem' in checked) return refuse(checked.problem);
    const trouble = await cloud.check(AbortSignal.timeout(startDeadlineMs));
    if (trouble?.kind === 'setting') return refuse(trouble.message);
    // a cloud that is away, or a password that is being changed, is told in conditions and tried again
    if (trouble !== undefined) log.warn('cloud not usable yet', { detail: trouble.message });
    const identity = `${config.identity}_${randomUUID().slice(0, 8)}`;
    const operator = wire({ config, kubeConfig, kube, cloud, log, metrics, identity, clusterUid: checked.clusterUid });
    await serve({ ...operator, config, metrics, log });
    return 0;
  } finally {
    await cloud.close();
    await kubeConfig.close();
  }
}

function refuse(problem: string): number {
  process.stderr.write(`octopool: ${problem}\n`);
  return 1;
}

function openCloud(config: Config, kube: Kube): OctaviaCloud {
  return new OctaviaCloud({
    own: environmentCredentials(config.environment),
    region: config.region,
    userAgent,
    secretText: (ref, signal) => secretText(kube, ref, signal),
  });
}

interface Parts {
  readonly config: Config;
  readonly kubeConfig: ReturnType<typeof loadKubeConfig>;
  readonly kube: Kube;
  readonly cloud: OctaviaCloud;
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
  const { config, kubeConfig, kube, cloud, log, metrics, identity, clusterUid } = parts;
  const caches = new Caches({
    kube,
    clock: systemClock,
    onWake: (wake) => operator.wake(wake),
    onState: (path, state) =>
      log.debug('informer', {
        path,
        state: state.kind,
        ...('error' in state && state.error instanceof Error ? { error: state.error.message } : {}),
      }),
  });
  const cluster = new KubernetesCluster({ uid: clusterUid, caches, kube, clock: systemClock, log, identity });
  const deps: Deps = {
    cluster,
    cloud,
    now: () => Date.now() as Instant,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    log,
    metrics,
    budget: passBudgetMs,
    jitter: () => Math.random(),
    needs: new Needs(),
    wakeNodes: () => operator.wake({ keys: ['nodes'], window: { settle: 0, atMost: 0 } }),
    lastSlice: new Map(),
    failovers: new Set(),
    nodePortRange: config.nodePortRange,
    nodeSecurityGroup: config.nodeSecurityGroup,
  };
  const operator = new OctopoolOperator({
    kubeConfig,
    kube,
    caches,
    clock: systemClock,
    log,
    concurrency: config.concurrency,
    lease: config.lease === 'off' ? undefined : { namespace: config.namespace, name: 'octopool-operator', identity },
    onLeading: (state) => metrics.leads(state),
    work: (key, signal) =>
      timed(deps, () => (key === 'nodes' ? nodesPass(deps, signal) : balancerPass(key, deps, signal))),
  });
  return { operator, caches };
}

async function serve(of: Wired & Pick<Parts, 'config' | 'metrics' | 'log'>): Promise<void> {
  const { operator, caches, config, metrics, log } = of;
  const server = await startHttpServer({ ...config.listen, registry: metrics.registry, ready: () => caches.synced });
  log.info('octopool started', { version, port: server.port });
  const stop = (): void => operator.stop();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  try {
    await operator.start();
  } finally {
    await server.close();
  }
}

/** The version below which the Kubernetes client fails in odd ways. */
function nodeTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 19);
}

if (nodeTooOld()) process.exit(refuse(`Node ${process.versions.node} is too old; 22.19 or newer is needed.`));
const edges = { operator: runOperator, environment: process.env, hostname: hostname(), version };
try {
  await program(edges, (code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  process.exitCode = refuse(error instanceof Error ? error.message : String(error));
}
