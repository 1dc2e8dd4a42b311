import { z } from 'zod';
import { SteppedClock } from './clock.ts';
import type { Calls } from './calls.ts';
import { type Faults, faultSchema } from './faults.ts';
import { plainTree } from './plain-tree.ts';
import { addNodePorts } from './seed.ts';
import { dump } from './dump.ts';
import { operatingStatuses } from './octavia/operating.ts';
import type { Kind, OctaviaRecord } from './octavia/records.ts';
import type { World } from './world.ts';

const octaviaKinds = ['loadbalancer', 'listener', 'pool', 'member', 'healthmonitor', 'l7policy', 'l7rule'] as const;
const neutronKinds = ['network', 'subnet', 'port', 'floatingip', 'security_group', 'security_group_rule'] as const;
const target = { kind: z.enum([...octaviaKinds, ...neutronKinds]), id: z.string() };
const changes = z.record(z.string(), z.unknown());

const outcome = z.object({
  balancer: z.string().optional(),
  kind: z.string().optional(),
  times: z.number().int().default(1),
  outcome: z.enum(['failed', 'balancer-error', 'stuck', 'child-error']),
  names: z.string().optional(),
});

const switches = z.strictObject({
  fullCreate: z.enum(['whole', 'children-pending']).optional(),
  allowVipPortId: z.boolean().optional(),
  /** null: HAProxy takes everything. */
  refuseRule: z.string().nullish(),
  pageLimit: z.number().optional(),
  applicationCredentialTls: z.boolean().optional(),
  delays: z.record(z.string(), z.number()).optional(),
  topology: z.enum(['SINGLE', 'ACTIVE_STANDBY']).optional(),
});

const commandSchema = z.discriminatedUnion('do', [
  /** Everything that there is, as records. */
  z.object({ do: z.literal('dump') }),
  /** The load balancers without what differs from run to run: no ids, no times. */
  z.object({ do: z.literal('tree') }),
  z.object({ do: z.literal('calls') }),
  z.object({ do: z.literal('switch'), set: switches }),
  z.object({ do: z.literal('fault'), rule: faultSchema }),
  z.object({ do: z.literal('clear-faults') }),
  /** How many requests a fault holds now. */
  z.object({ do: z.literal('held') }),
  z.object({ do: z.literal('release') }),
  /** How the worker fares with changes to come. */
  z.object({ do: z.literal('outcome'), ...outcome.shape }),
  z.object({ do: z.literal('clear-outcomes') }),
  /** One balancer's changes take so much longer. */
  /** `balancer`: id or name. */
  z.object({ do: z.literal('slow'), balancer: z.string(), ms: z.number() }),
  z.object({ do: z.literal('clear-slow') }),
  z.object({
    do: z.literal('quota'),
    project: z.string(),
    octavia: z.record(z.string(), z.number()).optional(),
    neutron: z.record(z.string(), z.number()).optional(),
  }),
  /** By hand, past every rule. A member's `health` is `up` or `down`. */
  z.object({ do: z.literal('set'), ...target, changes }),
  z.object({ do: z.literal('remove'), ...target }),
  z.object({ do: z.literal('advance'), ms: z.number() }),
  z.object({ do: z.literal('revoke-tokens') }),
  z.object({ do: z.literal('token-lifetime'), ms: z.number() }),
  z.object({ do: z.literal('password'), user: z.string(), password: z.string() }),
  z.object({ do: z.literal('node-ports'), project: z.string(), addresses: z.array(z.string()) }),
]);
export type Command = z.input<typeof commandSchema>;
type Read = z.output<typeof commandSchema>;

export interface Commanded {
  readonly world: World;
  readonly faults: Faults;
  readonly calls: Calls;
}

/** What a test does to the cloud behind its clients' backs. Throws on a command that it does not know, or cannot follow. */
export function command(of: Commanded, given: unknown): unknown {
  const read = commandSchema.parse(given);
  of.world.octavia.cycles.settle();
  return look(of, read) ?? act(of, read);
}

function look({ world, faults, calls }: Commanded, read: Read): unknown {
  switch (read.do) {
    case 'dump':
      return dump(world);
    case 'tree':
      return plainTree(world.octavia.tables);
    case 'calls':
      return calls.all;
    case 'held':
      return faults.held;
    case 'node-ports':
      return addNodePorts(world, read);
    default:
      return undefined;
  }
}

function act({ world, faults }: Commanded, read: Read): void {
  const { cycles } = world.octavia;
  switch (read.do) {
    case 'switch':
      Object.assign(
        world.switches,
        read.set,
        'refuseRule' in read.set ? { refuseRule: read.set.refuseRule ?? undefined } : {},
      );
      return;
    case 'fault':
      faults.arm(read.rule);
      return;
    case 'clear-faults':
      return faults.clear();
    case 'release':
      return faults.release();
    case 'outcome':
      return cycles.expect(read);
    case 'clear-outcomes':
      return cycles.forgetOutcomes();
    case 'slow':
      cycles.extraDelays.set(read.balancer, read.ms);
      return;
    case 'clear-slow':
      return cycles.extraDelays.clear();
    case 'set':
      return set(world, read);
    case 'remove':
      return remove(world, read);
    default:
      return govern(world, read);
  }
}

function govern({ identity, clock, octavia, neutron }: World, read: Read): void {
  switch (read.do) {
    case 'quota': {
      const project = identity.accounts.projects.find((one) => one.name === read.project || one.id === read.project);
      if (project === undefined) throw new Error(`there is no project ${read.project}`);
      octavia.quotas.set(project.id, read.octavia ?? {});
      neutron.quotas.set(project.id, { ...neutron.quotaOf(project.id), ...read.neutron });
      return;
    }
    case 'advance':
      if (!(clock instanceof SteppedClock)) throw new Error('the clock of this cloud goes by itself');
      clock.advance(read.ms);
      return octavia.cycles.settle();
    case 'revoke-tokens':
      return identity.revokeAll();
    case 'token-lifetime':
      identity.lifetimeMs = read.ms;
      return;
    case 'password': {
      const user = identity.accounts.users.find((one) => one.name === read.user);
      if (user === undefined) throw new Error(`there is no user ${read.user}`);
      user.password = read.password;
      return;
    }
    default:
      throw new Error(`${read.do} is nothing to do`);
  }
}

type Target = Extract<Read, { do: 'set' | 'remove' }>;

function octaviaRecord({ octavia }: World, { kind, id }: Target): OctaviaRecord | undefined {
  const found = octaviaKinds.find((one): one is Kind => one === kind);
  return found === undefined ? undefined : octavia.tables.of<Kind>(found).get(id);
}

function set(world: World, read: Extract<Read, { do: 'set' }>): void {
  const { tables, cycles } = world.octavia;
  const record = octaviaRecord(world, read);
  if (record === undefined)
    return world.neutron.touch(neutronStore(world, read), neutronRecord(world, read), read.changes);
  // what a person does to the database, the worker does not undo
  if (record.kind === 'loadbalancer' && 'provisioning_status' in read.changes) cycles.abandon(record.id);
  tables.change(record, read.changes);
  if (record.kind !== 'member') return;
  const balancer = tables.loadbalancer.get(record.loadbalancer_id);
  if (balancer !== undefined) operatingStatuses(tables, balancer);
}

function remove(world: World, read: Extract<Read, { do: 'remove' }>): void {
  const { tables, cycles } = world.octavia;
  const record = octaviaRecord(world, read);
  if (record?.kind === 'loadbalancer') {
    cycles.abandon(record.id);
    for (const child of tables.below(record)) tables.remove(child);
    tables.loadbalancer.remove(record);
    return;
  }
  if (record !== undefined) return tables.remove(record);
  const port = read.kind === 'port' ? world.neutron.port.get(read.id) : undefined;
  if (port !== undefined) return world.neutron.removePort(port);
  neutronStore(world, read).remove(neutronRecord(world, read));
}

function neutronStore({ neutron }: World, { kind }: Target) {
  const found = neutronKinds.find((one) => one === kind);
  if (found === undefined) throw new Error(`there is no ${kind} with this id`);
  // all of them hold stamped records, which is all that is done to them here
  return neutron[found] as unknown as World['neutron']['port'];
}

function neutronRecord(world: World, read: Target) {
  const record = neutronStore(world, read).get(read.id);
  if (record === undefined) throw new Error(`there is no ${read.kind} ${read.id}`);
  return record;
}
