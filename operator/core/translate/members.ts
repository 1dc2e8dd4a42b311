import type { IpAddress } from '../model/brand.ts';
import type { BackendIntent, BalancerIntent, EligibleNode, PoolIntent } from '../model/intents.ts';
import type { Key } from '../model/key.ts';
import { memberName, remembering } from '../model/member-name.ts';
import type { Problem } from '../model/reason.ts';
import type { SeenPool } from '../model/seen.ts';
import type { WantedMember } from '../model/wanted.ts';
import { chooseNodes } from './choose-nodes.ts';
import { canAnswer, drainingMembers, isDraining, keptMember, memberText, type StandingInput } from './drain.ts';
import { memberWeights } from './weights.ts';

export interface MembersInput extends StandingInput {
  readonly key: Key;
  readonly pool: PoolIntent;
  /** What the pool has now. */
  readonly there: SeenPool | undefined;
}

/**
 * The members of one pool: where its backends answer, each (address, port) once (a repeated one wedges the pool for ever), and
 * what drains. Another targetType needs no second pool: one batch PUT says the whole set, so new members come in the same
 * write in which the old ones begin to drain.
 */
export function wantedMembers(input: MembersInput): readonly WantedMember[] {
  const there = input.there?.members ?? [];
  const wanted = noNodeFits(input) ? lastMembers(input) : freshMembers(input);
  return [...wanted, ...drainingMembers(there, wanted, input)].toSorted(byAddress);
}

function noNodeFits({ pool, balancer }: Pick<MembersInput, 'pool' | 'balancer'>): boolean {
  return pool.backends.some(({ target }) => target.type === 'NodePort') && fittingNodes(pool, balancer).length === 0;
}

function fittingNodes({ nodes: selected }: PoolIntent, { nodes }: BalancerIntent): readonly EligibleNode[] {
  return selected === undefined ? nodes : nodes.filter(({ name }) => selected.has(name));
}

/** With no node fit to serve, the last members stay: an unready node may still answer, an empty pool never does. */
function lastMembers(input: MembersInput): readonly WantedMember[] {
  const { pool, balancer, there } = input;
  const ports = new Set(pool.backends.flatMap(({ target }) => (target.type === 'NodePort' ? [target.nodePort] : [])));
  const answers = canAnswer(input, [...balancer.nodes, ...balancer.leavingNodes]);
  return (there?.members ?? [])
    .filter((member) => ports.has(member.port) && answers(member) && !isDraining(member))
    .map((member) => keptMember(member, input));
}

interface Target {
  readonly label: string;
  readonly address: IpAddress;
  readonly port: number;
  readonly monitorPort: number | undefined;
}

function freshMembers(input: MembersInput): readonly WantedMember[] {
  const { seen } = input;
  const digest = remembering(input.digest);
  const answering = input.pool.backends.map((backend) => ({ backend, targets: targetsOf(backend, input) }));
  const weights = memberWeights(
    answering.map(({ backend, targets }) => ({ ...backend, members: targets.map(memberText) })),
  );
  const targets = new Map(answering.flatMap((one) => one.targets).map((target) => [memberText(target), target]));
  return [...targets].flatMap(([text, { label, address, port, monitorPort }]) => {
    const share = weights.get(text);
    if (share === undefined) return [];
    const form = { ...share, monitorPort };
    const name = memberName({ label, drainsUntil: undefined, ...form }, digest);
    return [{ name, address, port, ...form, subnetId: seen.resolved.memberSubnetId }];
  });
}

function targetsOf({ target }: BackendIntent, { key, pool, balancer, digest }: MembersInput): readonly Target[] {
  if (target.type === 'PodIP')
    return target.pods
      .filter(({ state }) => state === 'Serving')
      .map(({ name, address, port }) => ({ label: name, address, port, monitorPort: undefined }));
  const { localNodes, nodePort, healthCheckNodePort } = target;
  const nodes = fittingNodes(pool, balancer).filter(({ name }) => localNodes === undefined || localNodes.has(name));
  return chooseNodes({ pool: key, nodes, maxNodes: pool.maxNodes, digest }).map(({ name, address }) => ({
    label: name,
    address,
    port: nodePort,
    monitorPort: healthCheckNodePort,
  }));
}

export function byAddress(a: WantedMember, b: WantedMember): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return a.port - b.port;
}

/** A pool of nodes that no node fits into; undefined: it has some, or needs none. */
export function noReadyNodes(pool: PoolIntent, balancer: BalancerIntent): Problem | undefined {
  if (!noNodeFits({ pool, balancer })) return undefined;
  const message =
    balancer.nodes.length === 0
      ? 'No node is Ready and has an InternalIP, so there is nothing to send requests to. Make a node Ready.'
      : 'No Ready node matches backendPolicy.nodeSelector, so the last members stay. Correct it, or label a node.';
  return { reason: 'NoReadyNodes', message };
}
