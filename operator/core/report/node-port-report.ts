import { nodePortReachable } from '../model/foreign-words.ts';
import { type Instant, objectName } from '../model/brand.ts';
import type { NodeAccessIntent, NodeFailure, NodePortIntent, SeenNodeAccess } from '../model/node-access.ts';
import type { Problem } from '../model/reason.ts';
import type { EventNote, NodePortReport } from '../model/report.ts';
import type { Condition, ObjectMeta, PlainServiceObject } from '../model/snapshot.ts';
import { byItself, positive, toConditions } from './conditions.ts';
import { equalStatus } from './equal-status.ts';
import { note } from './events.ts';
import { listed, noPublicAddress, portsOf, type Reach, reachedMessage, reachOf } from './node-port-message.ts';

export interface NodePortsTold {
  readonly intent: NodeAccessIntent;
  /** Told before, and asking for nothing any more. */
  readonly silent: readonly PlainServiceObject[];
  /** As the nodes are after this pass; a Problem: the cloud could not be read. */
  readonly seen: SeenNodeAccess | Problem;
  readonly failed: readonly NodeFailure[];
  readonly now: Instant;
}

/** Whether, where and from where the node ports of each Service are reached. Only what differs from what stands there. */
export function nodePortReports(told: NodePortsTold): readonly NodePortReport[] {
  const { intent, silent, seen } = told;
  const reach = 'reason' in seen ? seen : reachOf(intent.nodes, seen);
  return [
    ...intent.services.filter(({ paused }) => !paused).flatMap((service) => reportOf(service, reach, told)),
    ...silent.map(({ meta }) => ({ ...identity(meta), condition: undefined, events: [] })),
  ];
}

function reportOf(service: NodePortIntent, reach: Reach | Problem, told: NodePortsTold): readonly NodePortReport[] {
  const { recorded, meta } = service;
  // what is known stays said while the cloud cannot be asked
  if ('reason' in reach && recorded !== undefined && service.problem === undefined) return [];
  const problem = problemOf(service, reach, told);
  const whenTrue = {
    reason: 'AddressesReady',
    message: 'reason' in reach ? '' : reachedMessage(service, reach),
  } as const;
  const [condition] = toConditions({
    sayings: [saying(problem, whenTrue)],
    before: recorded === undefined ? [] : [recorded],
    generation: meta.generation,
    now: told.now,
  });
  if (condition === undefined || equalStatus(condition, recorded)) return [];
  return [{ ...identity(meta), condition, events: turned(meta, recorded, condition) }];
}

function saying(problem: Problem | undefined, whenTrue: Problem): ReturnType<typeof positive> {
  const said = positive(nodePortReachable, problem, whenTrue);
  return unknown.has(said.reason) ? { ...said, status: 'Unknown' } : said;
}

/** Nothing can be said of the nodes then. */
const unknown: ReadonlySet<string> = new Set(['CloudUnavailable', 'CredentialsInvalid']);

/** The first thing that stands in the way. */
function problemOf(service: NodePortIntent, reach: Reach | Problem, told: NodePortsTold): Problem | undefined {
  const { intent, failed } = told;
  if (service.problem !== undefined) return service.problem;
  if ('reason' in reach) return reach;
  const failure = failed.find(({ operation }) => concerns(operation, service));
  return (
    nodesMissing(intent, reach) ??
    switchedOff(service, intent) ??
    failure?.problem ??
    unguarded(service, reach) ??
    (reach.outside.length === 0 ? noPublicAddress(service, reach) : undefined)
  );
}

function nodesMissing({ nodes }: NodeAccessIntent, { inside }: Reach): Problem | undefined {
  if (!nodes.some(({ state, addresses }) => state === 'ready' && addresses.length > 0))
    return {
      reason: 'NoReadyNodes',
      message:
        'No node is Ready, stays, and has an InternalIP, so nothing answers on node ports. It goes on when one does.',
    };
  if (inside.length > 0) return undefined;
  return {
    reason: 'CloudResourceNotFound',
    message:
      "No Neutron port of the operator's project has the InternalIP of a Ready node, so nothing can be opened. Run the operator with credentials of the nodes' project.",
  };
}

function switchedOff(service: NodePortIntent, { group, floatingIPs }: NodeAccessIntent): Problem | undefined {
  if (service.sources !== undefined && group === 'off')
    return {
      reason: 'SecurityGroupsUnmanaged',
      message: `The operator runs with --no-manage-node-security-group, so octopool.dev/node-port-sources opens nothing. Remove it, and have ${portsOf(service)} opened by who manages the nodes' security groups.`,
    };
  if (service.addresses !== 0 && floatingIPs === 'off')
    return {
      reason: 'NodeFloatingIPsDisabled',
      message:
        'The operator runs without --allow-node-floating-ips, so no node gets a public address. Remove octopool.dev/node-floating-ips, ask the platform team for the flag, or use a SharedBalancer.',
    };
  return undefined;
}

function unguarded({ sources }: NodePortIntent, { unguarded: nodes }: Reach): Problem | undefined {
  if (sources === undefined || nodes.length === 0) return undefined;
  return {
    reason: 'PortSecurityDisabled',
    message: `Port security is off on the Neutron ports of ${listed(nodes)}, so every port there is open to everybody and octopool.dev/node-port-sources holds nobody back. Have it switched on.`,
  };
}

/** Whether an operation that failed was one that the Service needs. */
function concerns(operation: NodeFailure['operation'], { meta, sources, addresses }: NodePortIntent): boolean {
  switch (operation.kind) {
    case 'createNodeRule':
      return operation.rule.service === meta.uid;
    case 'createGroup':
    case 'attachGroup':
      return sources !== undefined;
    case 'createNodeAddress':
    case 'moveNodeAddress':
      return addresses !== 0;
    default:
      return false;
  }
}

function identity(meta: ObjectMeta): Pick<NodePortReport, 'name' | 'uid'> {
  return { name: objectName(meta.namespace, meta.name), uid: meta.uid };
}

/** Once for each turn, not for a changed list of addresses. */
function turned(meta: ObjectMeta, before: Condition | undefined, after: Condition): readonly EventNote[] {
  const { status, reason, message } = after;
  if (before?.status === status && before.reason === reason) return [];
  if (status === 'Unknown' || byItself.has(reason)) return [];
  const type = status === 'True' ? 'Normal' : 'Warning';
  return [note({ kind: 'Service', meta }, { type, reason, message })];
}
