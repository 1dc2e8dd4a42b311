import type { RuleBody } from '../../operator/core/model/body.ts';
import type { Operation, Plan } from '../../operator/core/model/plan.ts';
import type { Report, ServiceIngress } from '../../operator/core/model/report.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { Condition, Snapshot } from '../../operator/core/model/snapshot.ts';
import type { WantedAction, WantedTree } from '../../operator/core/model/wanted.ts';
import { pass as passOf } from '../../operator/loop/pass.ts';
import type { Cloud } from '../../operator/loop/cloud.ts';
import type { Cluster } from '../../operator/loop/cluster.ts';
import type { Deps } from '../../operator/loop/deps.ts';
import { emptyMemory } from '../../operator/loop/memory.ts';
import { Needs } from '../../operator/loop/needs.ts';
import { ownClassesOnly } from '../support/attached-inputs.ts';
import { createMetrics } from '../../operator/telemetry/metrics.ts';
import { memberLine } from '../support/backends-world.ts';
import { digest, instant, nothingSeen, programmed } from '../support/core-fixtures.ts';
import { afterBefore } from './after-before.ts';
import { type CloudAnswers, executed, plain, withAnswers } from './cloud-answers.ts';

/** What a reader of a case sees: what would be written to the cloud, and what each owner would be told. */
export interface Judgement {
  readonly operations: readonly string[];
  readonly withheld: readonly string[];
  readonly finalizer?: string;
  readonly balancer: readonly string[];
  readonly routes: Readonly<Record<string, readonly string[]>>;
  readonly events: readonly string[];
}

/** One pass over `now`, after `before` was brought up and told (nothing when there is no before), on a cloud that then answers so. */
export async function judge(
  before: Snapshot | undefined,
  now: Snapshot,
  answers: CloudAnswers = plain,
): Promise<Judgement> {
  const { seen, world } = before === undefined ? { seen: nothingSeen, world: now } : await after(before, now);
  const { plan, reports } = await pass(world, seen, answers);
  const said = reports.at(-1);
  const { operations = [], withheld = [] } = plan ?? {};
  return {
    operations: operations.map(
      (operation) => `${operation.kind}${keyOf(operation)}: ${operation.why}${detailOf(operation)}`,
    ),
    withheld: withheld.map(({ operation, problem }) => `${operation.kind}: ${problem.reason} ${problem.message}`),
    ...(said?.finalizer === undefined ? {} : { finalizer: said.finalizer }),
    balancer: conditionLines(said?.balancer?.conditions ?? []),
    routes: Object.fromEntries((said?.routes ?? []).map((route) => [route.name, routeLines(route)])),
    events: reports.flatMap(({ events }) =>
      events.map(({ namespace, name, type, reason, message }) => `${namespace}/${name} ${type} ${reason}: ${message}`),
    ),
  };
}

async function after(before: Snapshot, now: Snapshot): Promise<{ readonly seen: Seen; readonly world: Snapshot }> {
  const seen = broughtUp((await pass(before, nothingSeen, plain)).plan);
  const told = await pass(before, seen, plain);
  return { seen, world: afterBefore(now, before, told.reports.at(-1)) };
}

/** The loop as it is, on a cluster and a cloud that stand still. */
async function pass(
  snapshot: Snapshot,
  seen: Seen,
  answers: CloudAnswers,
): Promise<{ readonly plan: Plan | undefined; readonly reports: readonly Report[] }> {
  const reports: Report[] = [];
  let plan: Plan | undefined;
  const cloud: Cloud = {
    observe: () => Promise.resolve(withAnswers(seen, answers)),
    // what was brought up by one create is known to the last rule
    observeRules: (order) => Promise.resolve({ kind: 'seen', seen: order.seen }),
    execute: (order) => {
      plan = order.plan;
      return Promise.resolve(executed(order.plan, answers));
    },
    observeNodes: () => Promise.reject(new Error('not asked in a pass over a balancer')),
    executeNodes: () => Promise.reject(new Error('not asked in a pass over a balancer')),
  };
  const uid = snapshot.balancer?.meta.uid ?? '';
  const deps = { ...balancerDeps(snapshot, cloud, reports), toldAgain: new Set(answers.toldAgain ? [uid] : []) };
  await passOf(snapshot.name, deps, AbortSignal.timeout(60_000));
  return { plan, reports };
}

const quiet = (): void => {};

function balancerDeps(snapshot: Snapshot, cloud: Cloud, reports: Report[]): Deps {
  const cluster: Cluster = {
    uid: snapshot.cluster,
    read: () => snapshot,
    balancers: () => (snapshot.balancer === undefined ? [] : [snapshot.balancer.meta.uid]),
    living: () => new Set(),
    nodes: () => snapshot.nodes,
    nodePortServices: () => [],
    tellNodePorts: () => Promise.reject(new Error('not asked in a pass over a balancer')),
    letIngressesGo: () => Promise.reject(new Error('not asked in a pass over a balancer')),
    hold: () => Promise.resolve('held'),
    write: (report) => {
      reports.push(report);
      return Promise.resolve('written');
    },
    note: (event) => {
      reports.push(noteAlone(snapshot.name, event));
      return Promise.resolve();
    },
  };
  return standingDeps({ cluster, cloud });
}

/** A process that stands still, around a cluster and a cloud. */
export function standingDeps(edges: Pick<Deps, 'cluster' | 'cloud'>): Deps {
  return {
    ...edges,
    now: () => instant(30),
    digest,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    metrics: createMetrics(),
    budget: 60_000,
    jitter: () => 0.5,
    needs: new Needs(),
    wakeNodes: quiet,
    ...emptyMemory(),
    placePolicy: ownClassesOnly,
    nodePortRange: { min: 30_000, max: 32_767 },
    nodeSecurityGroup: 'managed',
    nodeFloatingIPs: 'off',
  };
}

/** An event that comes without a status. */
function noteAlone(name: Report['name'], event: Report['events'][number]): Report {
  return { name, balancer: undefined, routes: [], events: [event], finalizer: undefined };
}

function broughtUp(plan: Plan | undefined): Seen {
  const create = plan?.operations.find((operation) => operation.kind === 'createLoadBalancer');
  if (create === undefined) throw new Error('before.yaml needs a SharedBalancer that can be brought up');
  return programmed(create.tree satisfies WantedTree);
}

function routeLines(route: Report['routes'][number]): readonly string[] {
  switch (route.kind) {
    case 'ServiceRoute': {
      const { rules, claims, conditions: all } = route.status;
      return [
        ...rules.map(({ name, state, reason }) => `rule ${name} ${[state, reason].filter(Boolean).join(' ')}`),
        ...claims.map(
          ({ type, value, state, since }) => `claim ${type} ${value} ${state} since ${since.slice(11, 16)}`,
        ),
        ...conditionLines(all),
      ];
    }
    case 'Service':
      return [
        ...addressLines(route.status.loadBalancer?.ingress ?? []),
        ...conditionLines(route.status.conditions ?? []),
      ];
    case 'Ingress':
      return addressLines(route.status.loadBalancer.ingress);
  }
}

function addressLines(entries: readonly ServiceIngress[]): readonly string[] {
  return entries.flatMap(({ ip, ipMode, hostname, ports }) =>
    ports.map(
      ({ port, protocol, error }) =>
        `at ${[ip, hostname, ipMode, `${protocol} ${port}`, error].filter((one) => one !== undefined).join(' ')}`,
    ),
  );
}

/** Which object of the tree an operation is about, where it says so. */
function keyOf(operation: Operation): string {
  for (const field of Object.values(operation)) {
    if (typeof field === 'object' && field !== null && 'key' in field && typeof field.key === 'string')
      return ` ${field.key}`;
  }
  return '';
}

export function conditionLines(all: readonly Condition[]): readonly string[] {
  return all.map(
    ({ type, status, reason, message }) => `${type}=${status} ${reason}${message === '' ? '' : `: ${message}`}`,
  );
}

/** What cannot be told from the key: all members, because a batch PUT says them whole; what a policy does; what a rule says. */
function detailOf(operation: Operation): string {
  switch (operation.kind) {
    case 'replaceMembers':
      return ` → ${operation.members.map(memberLine).join(', ') || 'none'}`;
    case 'createPolicy':
      return ` → ${actionLine(operation.policy.action)}, place ${operation.position}`;
    case 'updatePolicy':
      return ` → ${actionLine(operation.policy.action)}`;
    case 'createRule':
      return ` → ${ruleLine(operation.rule)}`;
    case 'deleteRule':
    case 'deletePolicy':
      return ` → ${operation.id}`;
    default:
      return '';
  }
}

function actionLine(action: WantedAction): string {
  switch (action.type) {
    case 'Forward':
      return action.pool;
    case 'Reject':
      return 'reject';
    case 'Redirect':
      return `redirect ${action.code} ${'url' in action ? `to ${action.url}` : `behind ${action.prefix}`}`;
  }
}

function ruleLine({ type, key, compareType, value, invert }: RuleBody): string {
  return [invert ? 'not' : '', type, key ?? '', compareType, value].filter((part) => part !== '').join(' ');
}
