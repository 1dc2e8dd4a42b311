import type { Digest, Instant, Milliseconds } from '../model/brand.ts';
import type { BalancerIntent, EligibleNode, OwnTargets } from '../model/intents.ts';
import { type FormReader, memberName, readMemberName } from '../model/member-name.ts';
import type { Seen, SeenMember } from '../model/seen.ts';
import type { WantedMember, WantedTree } from '../model/wanted.ts';

export interface StandingInput {
  readonly balancer: BalancerIntent;
  /** What answers in the namespace of the pool's owner. */
  readonly own: OwnTargets;
  readonly drainTimeout: Milliseconds;
  readonly seen: Seen;
  readonly now: Instant;
  readonly digest: Digest;
  readonly forms: FormReader;
}

export function memberText({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${address} ${port}`;
}

/**
 * What leaves a pool and can still answer stays in it with weight 0 until its drain ends. The end stands in its name and
 * nowhere else, so a drain survives every restart; a member that is wanted again before that is simply wanted.
 */
export function drainingMembers(
  there: readonly SeenMember[],
  wanted: readonly WantedMember[],
  input: StandingInput,
): readonly WantedMember[] {
  if (input.drainTimeout === 0) return [];
  const stays = new Set(wanted.map(memberText));
  const answers = canAnswer(input, [...input.balancer.nodes, ...input.balancer.leavingNodes]);
  return there
    .filter((member) => !stays.has(memberText(member)) && answers(member))
    .flatMap((member) => drained(member, input));
}

function drained(member: SeenMember, input: StandingInput): readonly WantedMember[] {
  const { now, drainTimeout, digest } = input;
  const { label, drainsUntil } = readMemberName(member.name);
  const latest = (Math.ceil((now + drainTimeout) / 1000) * 1000) as Instant;
  // a drain that has begun is not drawn out by looking again; one that was promised longer than is allowed now is cut
  const until = drainsUntil !== undefined && drainsUntil < latest ? drainsUntil : latest;
  if (until <= now) return [];
  const form = { ...formOf(member, input), weight: 0 };
  return [{ ...standing(member, input), ...form, name: memberName({ label, drainsUntil: until, ...form }, digest) }];
}

/** A member that is there and does not drain, to stay exactly as it is. */
export function keptMember(member: SeenMember, input: StandingInput): WantedMember {
  return { ...standing(member, input), ...formOf(member, input), name: member.name };
}

export function isDraining({ name }: SeenMember): boolean {
  return readMemberName(name).drainsUntil !== undefined;
}

function standing(
  { address, port }: SeenMember,
  { seen }: StandingInput,
): Pick<WantedMember, 'address' | 'port' | 'subnetId'> {
  return { address, port, subnetId: seen.resolved.memberSubnetId };
}

function formOf({ name }: SeenMember, { forms, own }: StandingInput) {
  const { hash } = readMemberName(name);
  const read = hash === undefined ? undefined : forms(hash, own.healthCheckNodePorts);
  return read ?? { weight: 1, backup: false, monitorPort: undefined };
}

/** Only what is still the namespace's own: an address or node port that was given back may be another tenant's by now. */
export function canAnswer(
  { own }: Pick<StandingInput, 'own'>,
  nodes: readonly EligibleNode[],
): (member: SeenMember) => boolean {
  const addresses = new Set(nodes.map((node) => node.address));
  // no node known at all is no reason to empty a pool
  const onNode = ({ address }: SeenMember): boolean => addresses.size === 0 || addresses.has(address);
  return (member) => own.pods.has(memberText(member)) || (own.nodePorts.has(member.port) && onNode(member));
}

/** When the first drain ends: then there is something to do, though nothing will have changed. */
export function nextDrainEnd({
  pools,
  frozenMembers,
}: Pick<WantedTree, 'pools' | 'frozenMembers'>): Instant | undefined {
  const ends = [...pools, ...frozenMembers].flatMap(({ members }) =>
    members.flatMap(({ name }) => readMemberName(name).drainsUntil ?? []),
  );
  return ends.length === 0 ? undefined : (Math.min(...ends) as Instant);
}
