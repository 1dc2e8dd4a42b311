import { OpenStackError } from 'openstack-sdk-lite/transport/errors';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CloudId, Instant, IpAddress, Uid } from '../../operator/core/model/brand.ts';
import type { Done, Plan } from '../../operator/core/model/plan.ts';
import type { Reason } from '../../operator/core/model/reason.ts';
import type { Seen } from '../../operator/core/model/seen.ts';
import type { Observation } from '../../operator/loop/cloud.ts';
import { judge as judgeError } from '../../operator/octavia/failure.ts';
import { instant } from '../support/core-fixtures.ts';

const problem = z.strictObject({ reason: z.string(), message: z.string() });
const provisioning = z.enum(['ACTIVE', 'ERROR', 'PENDING_UPDATE', 'PENDING_DELETE']);
const fault = { status: z.int().optional(), fault: z.string(), request: z.string().optional() };

/** cloud.yaml of a case: how the cloud differs from one that did all it was told. */
const schema = z.strictObject({
  /** The cloud cannot be read. */
  unseen: z.strictObject({ ...fault, kind: z.enum(['http', 'network', 'credentials']).default('http') }).optional(),
  /** Why names in the spec lead nowhere; the texts are those of octavia/resolve.ts. */
  unresolved: problem.optional(),
  loadBalancer: z
    .strictObject({
      provisioningStatus: provisioning.optional(),
      forMinutes: z.int().optional(),
      operatingStatus: z.string().optional(),
      provider: z.string().optional(),
      vipAddress: z.string().optional(),
      foreignCluster: z.string().optional(),
      description: z.string().optional(),
    })
    .optional(),
  topology: z.enum(['ActiveStandby', 'Single', 'Unknown']).optional(),
  /** Somebody else put this floating IP on the VIP port. */
  foreignFloatingIP: z.string().optional(),
  /** Somebody deleted it. */
  gone: z.literal('loadBalancer').optional(),
  /** What was in ERROR was told once more by an earlier pass. */
  toldAgain: z.boolean().default(false),
  /** By key. */
  children: z.record(z.string(), provisioning).default({}),
  members: z.enum(['ONLINE', 'ERROR', 'NO_MONITOR']).optional(),
  /** Of each pool. */
  firstMember: z.enum(['ONLINE', 'ERROR']).optional(),
  /** Another hand's connection limits, by key of a listener. */
  changedLimits: z.record(z.string(), z.int()).default({}),
  /** Listeners that somebody else put there. */
  foreign: z.array(z.strictObject({ protocol: z.string(), port: z.int() })).default([]),
  /** What it answers to operations of a kind. */
  refuses: z.record(z.string(), z.strictObject(fault)).default({}),
  outcome: problem.optional(),
});

export type CloudAnswers = z.output<typeof schema>;

export const plain: CloudAnswers = schema.parse({});

export function readAnswers(text: string): CloudAnswers {
  return schema.parse(parse(text));
}

/** The cloud as a pass would see it. */
export function withAnswers(seen: Seen, answers: CloudAnswers): Observation {
  if (answers.unseen !== undefined) {
    const failure = judgeError(error(answers.unseen, answers.unseen.kind));
    if (!('problem' in failure)) throw new Error('such an answer is not the end of a reading');
    return { kind: 'unseen', problem: failure.problem, retryAfterMs: undefined };
  }
  const { topology = seen.topology, unresolved } = answers;
  const unresolvedProblem = unresolved === undefined ? undefined : asProblem(unresolved);
  if (answers.gone !== undefined) return { kind: 'seen', seen: { ...seen, ...nothingOfIt } };
  return {
    kind: 'seen',
    seen: {
      ...seen,
      topology,
      loadBalancer: loadBalancer(seen, answers),
      floatingIP: floatingIP(seen, answers),
      listeners: [
        ...withStatus(seen.listeners, answers).map((one) => limited(one, answers)),
        ...foreign(seen, answers),
      ],
      pools: withStatus(seen.pools, answers).map((pool) => ({ ...pool, members: members(pool.members, answers) })),
      monitors: withStatus(seen.monitors, answers),
      policies: withStatus(seen.policies, answers),
      resolved: { ...seen.resolved, problem: unresolvedProblem },
    },
  };
}

const nothingOfIt = { loadBalancer: undefined, listeners: [], pools: [], monitors: [], policies: [] };

function loadBalancer({ loadBalancer: there }: Seen, { loadBalancer: answer }: CloudAnswers): Seen['loadBalancer'] {
  if (there === undefined || answer === undefined) return there;
  const { foreignCluster, forMinutes, vipAddress = there.vipAddress, ...rest } = answer;
  return {
    ...there,
    ...(rest.provisioningStatus === undefined ? {} : { provisioningStatus: rest.provisioningStatus }),
    ...(rest.operatingStatus === undefined ? {} : { operatingStatus: rest.operatingStatus }),
    ...(rest.description === undefined ? {} : { description: rest.description }),
    ...(rest.provider === undefined ? {} : { provider: rest.provider }),
    ...(foreignCluster === undefined ? {} : { foreignCluster: foreignCluster as Uid, tags: undefined }),
    ...(forMinutes === undefined ? {} : { updatedAt: (instant(30) - forMinutes * 60_000) as Instant }),
    vipAddress: vipAddress as IpAddress,
  };
}

function floatingIP({ floatingIP: there, vipPort }: Seen, { foreignFloatingIP }: CloudAnswers): Seen['floatingIP'] {
  if (foreignFloatingIP === undefined) return there;
  const address = foreignFloatingIP as IpAddress;
  return { id: 'id:foreign-fip' as CloudId, address, ours: false, portId: vipPort?.id };
}

function withStatus<Child extends { readonly tags: Seen['listeners'][number]['tags'] }>(
  all: readonly Child[],
  { children }: CloudAnswers,
): readonly Child[] {
  return all.map((child) => {
    const provisioningStatus = children[child.tags?.key ?? ''];
    return provisioningStatus === undefined ? child : { ...child, provisioningStatus };
  });
}

function limited(listener: Seen['listeners'][number], { changedLimits }: CloudAnswers): Seen['listeners'][number] {
  const connectionLimit = changedLimits[listener.tags?.key ?? ''];
  return connectionLimit === undefined ? listener : { ...listener, connectionLimit };
}

function members(all: Seen['pools'][number]['members'], answers: CloudAnswers): Seen['pools'][number]['members'] {
  const { members: every, firstMember: first } = answers;
  return all.map((one, at) => ({
    ...one,
    operatingStatus: (at === 0 ? first : undefined) ?? every ?? one.operatingStatus,
  }));
}

function foreign({ listeners }: Seen, answers: CloudAnswers): Seen['listeners'] {
  const [like] = listeners;
  if (like === undefined) return [];
  return answers.foreign.map(({ protocol, port }) => ({
    ...like,
    id: `foreign-${port}` as CloudId,
    tags: undefined,
    protocol,
    port,
  }));
}

/** How a plan ends in this cloud: what it refuses is refused, and so is what needed that. */
export function executed({ operations }: Plan, { refuses, outcome }: CloudAnswers): Done {
  const refused = operations.flatMap((operation): Done['refused'] => {
    const answer = refuses[operation.kind];
    if (answer === undefined) return [];
    const failure = judgeError(error(answer, 'http'));
    if (!('problem' in failure)) throw new Error(`${operation.kind}: such an answer is no refusal`);
    return [{ operation, problem: failure.problem }];
  });
  const applied = operations.filter((operation) => !refused.some((one) => one.operation === operation));
  if (outcome !== undefined) return { applied, refused, outcome: { kind: 'waiting', problem: asProblem(outcome) } };
  const [first] = refused;
  if (applied.length > 0) return { applied, refused, outcome: { kind: 'changed' } };
  if (first === undefined) return { applied, refused, outcome: { kind: 'settled' } };
  const concerns = first.operation.unit === undefined ? 'balancer' : 'units';
  return { applied, refused, outcome: { kind: 'failed', problem: first.problem, retryAfterMs: undefined, concerns } };
}

function error(
  of: { readonly status?: number | undefined; readonly fault: string; readonly request?: string | undefined },
  kind: 'http' | 'network' | 'credentials',
): OpenStackError {
  return new OpenStackError({
    kind,
    status: of.status,
    faultText: of.fault,
    requestId: of.request,
    service: 'octavia',
  });
}

function asProblem({ reason, message }: z.output<typeof problem>): {
  readonly reason: Reason;
  readonly message: string;
} {
  return { reason: reason as Reason, message };
}
