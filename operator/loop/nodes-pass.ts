import { diffNodeAccess } from '../core/diff/node-access.ts';
import { nodeGroupName, nodeRuleDescription, wantedNodeRules } from '../core/translate/node-access.ts';
import type { NodeAccessIntent } from '../core/model/node-access.ts';
import type { Again, Deps } from './deps.ts';

/** One pass over what belongs to the cluster and to no single balancer: the security group of its nodes. */
export async function nodesPass(deps: Deps, signal: AbortSignal): Promise<Again> {
  if (deps.nodeSecurityGroup === 'off') return { kind: 'never' };
  const { sources, complete } = deps.needs.of(deps.cluster.balancers());
  const intent: NodeAccessIntent = {
    cluster: deps.cluster.uid,
    nodes: deps.cluster.nodes(),
    portRange: deps.nodePortRange,
    sources,
    complete,
  };
  const name = nodeGroupName(intent.cluster);
  const description = nodeRuleDescription(intent.cluster);
  const seen = await deps.cloud.observeNodes({ ...intent, groupName: name, description }, signal);
  if ('kind' in seen) {
    deps.log.warn('ports of nodes not readable', { reason: seen.problem.reason, detail: seen.problem.message });
    return { kind: 'backoff' };
  }
  const operations = diffNodeAccess({ name, description, rules: wantedNodeRules(intent), complete }, seen);
  const done = await deps.cloud.executeNodes(operations, signal);
  for (const { kind, why } of done.applied) deps.log.info('node access written', { kind, why });
  if (seen.missing.length > 0) deps.log.warn('nodes without a Neutron port in this project', { nodes: seen.missing });
  if (done.failed !== undefined) {
    deps.log.warn('node access not written', {
      reason: done.failed.problem.reason,
      detail: done.failed.problem.message,
    });
    return done.failed.retryAfterMs === undefined
      ? { kind: 'backoff' }
      : { kind: 'after', ms: done.failed.retryAfterMs };
  }
  return { kind: 'after', ms: 300_000 };
}
