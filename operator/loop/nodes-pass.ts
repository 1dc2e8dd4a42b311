import { diffNodeAccess } from '../core/diff/node-access.ts';
import { diffNodeAddresses } from '../core/diff/node-addresses.ts';
import { accessNodes, fallenSilent, nodePortIntents } from '../core/intake/node-ports.ts';
import type { NodeAccessDone, NodeAccessIntent, NodeOperation, SeenNodeAccess } from '../core/model/node-access.ts';
import { missingPortNotes } from '../core/report/missing-port-notes.ts';
import { nodePortReports } from '../core/report/node-port-report.ts';
import { nodeGroupName, wantedNodeRules } from '../core/translate/node-access.ts';
import { wantedNodeAddresses } from '../core/translate/node-addresses.ts';
import type { Unseen } from './cloud.ts';
import type { Again, Deps } from './deps.ts';
import { forgetGone } from './forget-gone.ts';

const lookAgainMs = 300_000;
/** Somebody was faster with the same object: how the nodes are then is looked at soon. */
const overtakenMs = 60_000;

/**
 * One pass over what belongs to the cluster and to no single balancer: the security group of its nodes, their public addresses, and
 * Ingresses that went to another controller.
 */
export async function nodesPass(deps: Deps, signal: AbortSignal): Promise<Again> {
  forgetGone(deps, deps.cluster.living()); // here because this pass comes back by itself, whatever happens to balancers
  await deps.cluster.letIngressesGo(signal);
  const services = deps.cluster.nodePortServices();
  const intent = readIntent(services, deps);
  const silent = fallenSilent(services);
  const seen = await look(intent, deps, signal);
  const tell = (now: SeenNodeAccess | Unseen, { failed }: Pick<NodeAccessDone, 'failed'>): Promise<void> => {
    const reports = nodePortReports({
      intent,
      silent,
      seen: 'kind' in now ? now.problem : now,
      failed,
      now: deps.now(),
    });
    return deps.cluster.tellNodePorts(reports, signal);
  };
  if ('kind' in seen) {
    deps.log.warn('ports of nodes not readable', { reason: seen.problem.reason, detail: seen.problem.message });
    await tell(seen, { failed: [] });
    return { kind: 'backoff' };
  }
  const operations = planOf(intent, seen, deps);
  const done = await deps.cloud.executeNodes(operations, signal);
  logDone(done, seen, deps);
  // which addresses came of it is read, not guessed
  const after = done.applied.length === 0 || services.length === 0 ? seen : await look(intent, deps, signal);
  await tell(after, done);
  await tellMissing(intent, seen, deps, signal);
  return nextLook(done, operations);
}

function readIntent(services: ReturnType<Deps['cluster']['nodePortServices']>, deps: Deps): NodeAccessIntent {
  const { cluster, needs, nodePortRange, nodeSecurityGroup, nodeFloatingIPs } = deps;
  return {
    cluster: cluster.uid,
    nodes: accessNodes(cluster.nodes()),
    portRange: nodePortRange,
    ...needs.of(cluster.balancers()),
    services: nodePortIntents(services),
    group: nodeSecurityGroup,
    floatingIPs: nodeFloatingIPs,
  };
}

function look(intent: NodeAccessIntent, { cloud }: Deps, signal: AbortSignal): Promise<SeenNodeAccess | Unseen> {
  return cloud.observeNodes({ ...intent, groupName: nodeGroupName(intent.cluster) }, signal);
}

function planOf(intent: NodeAccessIntent, seen: SeenNodeAccess, { digest }: Deps): readonly NodeOperation[] {
  const { cluster, complete, nodes } = intent;
  const rules = wantedNodeRules(intent, seen);
  const ofGroup =
    intent.group === 'off' ? [] : diffNodeAccess({ cluster, name: nodeGroupName(cluster), rules, complete }, seen);
  const wanted = wantedNodeAddresses(intent, seen, digest);
  return [...ofGroup, ...diffNodeAddresses({ cluster, all: nodes, ...wanted }, seen)];
}

/** Once a node; one whose port was found meanwhile is told again. */
async function tellMissing(
  intent: NodeAccessIntent,
  seen: SeenNodeAccess,
  { cluster, toldMissing }: Deps,
  signal: AbortSignal,
): Promise<void> {
  const notes = missingPortNotes(intent, seen);
  for (const note of notes) if (!toldMissing.has(note.uid)) await cluster.note(note, signal);
  toldMissing.clear();
  for (const { uid } of notes) toldMissing.add(uid);
}

function logDone({ applied, failed }: NodeAccessDone, { missing }: SeenNodeAccess, { log }: Deps): void {
  for (const { kind, why } of applied) log.info('node access written', { kind, why });
  if (missing.length > 0) log.warn('nodes without a Neutron port in this project', { nodes: missing });
  for (const { operation, problem } of failed)
    log.warn('node access not written', { kind: operation.kind, reason: problem.reason, detail: problem.message });
}

function nextLook({ applied, failed }: NodeAccessDone, operations: readonly NodeOperation[]): Again {
  const [first] = failed;
  if (first !== undefined)
    return first.retryAfterMs === undefined ? { kind: 'backoff' } : { kind: 'after', ms: first.retryAfterMs };
  return { kind: 'after', ms: applied.length < operations.length ? overtakenMs : lookAgainMs };
}
