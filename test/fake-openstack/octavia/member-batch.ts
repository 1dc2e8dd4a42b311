import { accepted, type Answer, type Call } from '../http.ts';
import { isRecord, readBody } from '../fields.ts';
import { octaviaRefusal } from '../refusal.ts';
import { writable } from './access.ts';
import { balancerOf, type Octavia, pending, pendingUpdate, settled, sortedTags } from './context.ts';
import { checkReserved, type MemberBody, memberDefaults, memberOfBatch } from './member-fields.ts';
import { addMember, poolMutable } from './pool-contents.ts';
import type { Member, Pool } from './records.ts';

/**
 * The pool has these members and no others; with `additive_only`, also these. Matched by address and port: the record stays, an
 * omitted name and omitted tags stay, every other omitted field goes back to its default.
 */
export function replaceMembers(octavia: Octavia, call: Call, poolId: string): Answer {
  const { tables, quotas, cycles } = octavia;
  const bodies = readBatch(call.body);
  const pool = writable(tables, call, 'pool', poolId);
  poolMutable(octavia, pool);
  const { fresh, kept, removed, twice } = compare(octavia, pool, { bodies, additive: isAdditive(call) });
  if (fresh.length + kept.length + removed.length === 0) return accepted;
  for (const body of fresh) checkReserved(body);
  refuseRepeated(fresh);
  quotas.room(pool.project_id, 'member', fresh.length - removed.length);
  const made = fresh.map((body) => addMember(octavia, pool, body));
  for (const { member, body } of kept) pendingUpdate(octavia, member, overwritten(body));
  pending(octavia, removed, 'PENDING_DELETE');
  const above = [pool, ...tables.listenersOf(pool)];
  pending(octavia, above, 'PENDING_UPDATE');
  cycles.begin({
    balancer: balancerOf(octavia, pool),
    kind: 'member.batch',
    subjects: [...made, ...kept.map(({ member }) => member), ...removed],
    above,
    // the worker makes a task for each element and cannot have two of one name: it dies, and nothing ends the waiting
    stuck: twice,
  });
  return accepted;
}

function readBatch(body: unknown): readonly MemberBody[] {
  const members = isRecord(body) ? body['members'] : undefined;
  if (!Array.isArray(members)) throw octaviaRefusal(400, 'Request is not in valid JSON format');
  return members.map((one: unknown) => {
    const { project_id: _project, tenant_id: _tenant, ...read } = readBody(one, memberOfBatch);
    return read;
  });
}

function isAdditive({ query }: Call): boolean {
  return ['true', '1', 'yes', 'on', 't', 'y'].includes((query.get('additive_only') ?? '').toLowerCase());
}

interface Difference {
  readonly fresh: readonly MemberBody[];
  readonly kept: readonly { readonly member: Member; readonly body: MemberBody }[];
  readonly removed: readonly Member[];
  /** One that is there already is named twice. */
  readonly twice: boolean;
}

function compare(
  { tables }: Octavia,
  pool: Pool,
  { bodies, additive }: { readonly bodies: readonly MemberBody[]; readonly additive: boolean },
): Difference {
  const old = new Map(tables.member.find('pool_id', pool.id).map((member) => [slot(member), member]));
  const wanted = new Set(bodies.map(slot));
  const kept = bodies.flatMap((body) => {
    const member = old.get(slot(body));
    return member === undefined ? [] : [{ member, body }];
  });
  return {
    fresh: bodies.filter((body) => !old.has(slot(body))),
    kept,
    removed: additive ? [] : [...old.values()].filter((member) => !wanted.has(slot(member))),
    twice: new Set(kept.map(({ member }) => member)).size < kept.length,
  };
}

function refuseRepeated(fresh: readonly MemberBody[]): void {
  const seen = new Set<string>();
  for (const body of fresh) {
    const key = slot(body);
    if (seen.has(key))
      throw octaviaRefusal(
        409,
        `Another member on this pool is already using ip ${body.address} on protocol_port ${body.protocol_port}`,
      );
    seen.add(key);
  }
}

function overwritten(body: MemberBody): object {
  const { name: _name, tags: _tags, subnet_id: _subnet, ...resettable } = memberDefaults;
  return { ...resettable, ...settled(sortedTags(body), memberDefaults) };
}

function slot({ address, protocol_port }: Pick<MemberBody, 'address' | 'protocol_port'>): string {
  return `${address} ${protocol_port}`;
}
