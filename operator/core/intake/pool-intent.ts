import type { PoolProtocol } from '../model/body.ts';
import type { BackendIntent, PoolIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type {
  BackendPolicySpec,
  BackendSpec,
  HealthMonitorSpec,
  PersistenceSpec,
  ProxyProtocol,
} from '../model/route-spec.ts';
import type { ServiceObject, Snapshot } from '../model/snapshot.ts';
import { type BackendWords, findBackends } from './backends.ts';
import { inheritPolicy, type PoolKind } from './backend-policy.ts';
import { defaultMonitor, monitorIntent } from './monitor.ts';
import { selectedNodes } from './nodes.ts';

export interface PoolQuestion {
  readonly backends: readonly BackendSpec[];
  readonly namespace: string;
  readonly kind: PoolKind;
  /** What the object itself says, nearest first. */
  readonly own: readonly BackendPolicySpec[];
  readonly defaults: BackendPolicySpec;
  readonly monitor?: MonitorWish | undefined;
  readonly snapshot: Snapshot;
  /** How messages call the backends; undefined: as a ServiceRoute does. */
  readonly words?: BackendWords | undefined;
}

/** What is said about the monitor, whichever it turns out to be. */
export interface MonitorWish extends Omit<HealthMonitorSpec, 'type'> {
  /** Even where the balancer's default is to have none. */
  readonly always: boolean;
}

const builtInDrain = 30_000;

/** Backends and what is said about them → one pool; and the first thing that is wrong with it. */
export function poolIntent(question: PoolQuestion): {
  readonly pool: PoolIntent;
  readonly problem: Problem | undefined;
} {
  const { kind, snapshot } = question;
  const { policy, problem: misfit } = inheritPolicy(question.own, question.defaults, kind);
  const protocol = kind === 'HTTP' ? 'TCP' : kind;
  const targetType = policy.targetType ?? 'NodePort';
  const found = findBackends({ ...question, protocol, targetType });
  const chosen =
    policy.healthMonitor?.type === 'None' && question.monitor?.always === true ? undefined : policy.healthMonitor;
  const asked = chosen ?? defaultMonitor(kind, everyNodeTells(found.backends));
  const { monitor, problem: badMonitor } = monitorIntent(wished(asked, question.monitor), question.words?.probe);
  const pool: PoolIntent = {
    // who chooses a monitor means the port that requests go to
    backends: chosen === undefined && everyNodeTells(found.backends) ? found.backends : found.backends.map(onOwnPort),
    protocol: poolProtocol(kind, policy.proxyProtocol ?? 'None'),
    algorithm: policy.algorithm ?? 'RoundRobin',
    monitor,
    maxNodes: policy.maxNodes,
    nodes: policy.nodeSelector === undefined ? undefined : selectedNodes(snapshot.nodes, policy.nodeSelector),
    persistence: policy.sessionPersistence ?? clientAffinity(found.services, kind),
    drainTimeout: policy.drainTimeout ?? builtInDrain,
  };
  return { pool, problem: misfit ?? badMonitor ?? found.problem };
}

function wished(monitor: HealthMonitorSpec, wish: MonitorWish | undefined): HealthMonitorSpec {
  const { always: _, ...fields } = wish ?? { always: false };
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...monitor, ...Object.fromEntries(said) };
}

/** A pool has one monitor: only if each of its members has a health-check port can all be asked there. */
function everyNodeTells(backends: readonly BackendIntent[]): boolean {
  return (
    backends.length > 0 &&
    backends.every(({ target }) => target.type === 'NodePort' && target.healthCheckNodePort !== undefined)
  );
}

function onOwnPort(backend: BackendIntent): BackendIntent {
  const { target } = backend;
  return target.type === 'PodIP' ? backend : { ...backend, target: { ...target, healthCheckNodePort: undefined } };
}

function poolProtocol(kind: PoolKind, proxy: ProxyProtocol): PoolProtocol {
  switch (proxy) {
    case 'None':
      return kind;
    case 'V1':
      return 'PROXY';
    case 'V2':
      return 'PROXYV2';
  }
}

/** What Services say with sessionAffinity, where all of them agree; only LVS knows how long. */
function clientAffinity(services: readonly ServiceObject[], kind: PoolKind): PersistenceSpec | undefined {
  const times = services.flatMap(({ clientAffinity: time }) => time ?? []);
  if (times.length === 0 || times.length < services.length) return undefined;
  return { type: 'SourceIP', timeout: kind === 'UDP' || kind === 'SCTP' ? Math.max(...times) : undefined };
}
