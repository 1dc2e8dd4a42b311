import type { NodeOperation } from '../../operator/core/model/node-access.ts';
import type { EventNote, NodePortReport } from '../../operator/core/model/report.ts';
import type { Deps } from '../../operator/loop/deps.ts';
import { pass } from '../../operator/loop/pass.ts';
import { cluster } from '../support/core-fixtures.ts';
import { conditionLines, type Judgement, standingDeps } from './judge.ts';
import { NodesCloud } from './nodes-cloud.ts';
import type { NodesWorld } from './world.ts';

/** One pass over the nodes: what would be written to the cloud, and what each Service would be told. */
export async function judgeNodes(world: NodesWorld, cloudText: string | undefined): Promise<Judgement> {
  const state = new NodesCloud(cloudText, world);
  const operations: NodeOperation[] = [];
  const reports: NodePortReport[] = [];
  const notes: EventNote[] = [];
  await pass('nodes', depsOf(world, { state, operations, reports, notes }), AbortSignal.timeout(60_000));
  return {
    operations: operations.map((operation) => `${operation.kind}${whatOf(operation)}: ${operation.why}`),
    withheld: [],
    balancer: [],
    routes: Object.fromEntries(
      reports.map(({ name, condition }) => [name, conditionLines(condition === undefined ? [] : [condition])]),
    ),
    events: [...reports.flatMap(({ events }) => events), ...notes].map(
      ({ kind, namespace, name, type, reason, message }) =>
        `${kind === 'Node' ? kind : namespace}/${name} ${type} ${reason}: ${message}`,
    ),
  };
}

interface Kept {
  readonly state: NodesCloud;
  readonly operations: NodeOperation[];
  readonly reports: NodePortReport[];
  readonly notes: EventNote[];
}

function depsOf({ flags, nodes, services }: NodesWorld, { state, operations, reports, notes }: Kept): Deps {
  return {
    ...standingDeps({
      cluster: {
        uid: cluster,
        read: notAsked,
        balancers: () => [],
        living: () => new Set(),
        nodes: () => nodes,
        nodePortServices: () => services,
        tellNodePorts: async (told) => void reports.push(...told),
        letIngressesGo: () => Promise.resolve(),
        hold: notAsked,
        write: notAsked,
        note: async (note) => void notes.push(note),
      },
      cloud: {
        observe: notAsked,
        observeRules: notAsked,
        execute: notAsked,
        observeNodes: async () => state.observe(),
        executeNodes: async (told) => {
          operations.push(...told);
          return state.execute(told);
        },
      },
    }),
    ...flags,
  };
}

function notAsked(): never {
  throw new Error('not asked in a pass over the nodes');
}

/** Which rule, which node, or which object of the cloud. */
function whatOf(operation: NodeOperation): string {
  switch (operation.kind) {
    case 'createGroup':
      return ` ${operation.name}`;
    case 'createNodeRule': {
      const { protocol, min, max, cidr } = operation.rule;
      return ` ${protocol} ${min === max ? min : `${min}-${max}`} ${cidr} "${operation.description}"`;
    }
    case 'attachGroup':
    case 'detachGroup':
      return ` ${operation.port.node}`;
    case 'createNodeAddress':
      return ` ${operation.on.node.name} ${operation.on.inside.address} "${operation.description}"`;
    case 'moveNodeAddress':
      return ` ${operation.id} → ${operation.on.node.name} ${operation.on.inside.address} "${operation.description}"`;
    case 'deleteNodeRule':
    case 'deleteGroup':
    case 'deleteNodeAddress':
      return ` ${operation.id}`;
  }
}
