import { z } from 'zod';
import { octaviaCommon, orNull, type Switchable } from '../../fields.ts';
import { type Call, resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

export const memberSchema = z.object({
  ...octaviaCommon,
  address: z.string(),
  protocol_port: z.number(),
  /** 0 to 256; 0 gets no new connections. */
  weight: orNull(z.number()),
  backup: z
    .boolean()
    .nullish()
    .transform((backup) => backup ?? false),
  subnet_id: orNull(z.string()),
  monitor_address: orNull(z.string()),
  monitor_port: orNull(z.number()),
});
export type Member = Readonly<z.infer<typeof memberSchema>>;

export interface MemberUpdate extends Switchable {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly weight?: number;
  readonly backup?: boolean;
  readonly monitor_address?: string | null;
  readonly monitor_port?: number | null;
}

export interface MemberBody extends MemberUpdate {
  readonly address: string;
  readonly protocol_port: number;
  /** Leave it out unless the members are in no network of the balancer: with it every change asks Neutron about every member. */
  readonly subnet_id?: string;
}

/**
 * The members of one pool. Both batch calls match by (address, port), keep ids, names and tags that are left out, and set every
 * other field that is left out back to its default. They are asynchronous (202) and show the balancer busy unless nothing differed.
 */
export interface Members extends Resource<Member, MemberBody, MemberUpdate> {
  /** The pool has these members and no others. An empty list empties it. */
  replaceAll(members: readonly MemberBody[], call?: Call): Promise<void>;
  /** Members that are not named stay as they are. */
  addOrUpdate(members: readonly MemberBody[], call?: Call): Promise<void>;
}

export function members(endpoint: Endpoint, poolId: string): Members {
  const path = `/lbaas/pools/${encodeURIComponent(poolId)}/members`;
  const batch = async (list: readonly MemberBody[], { query, call = {} }: Batch) => {
    refuseRepeated(list);
    await endpoint.send({ method: 'PUT', path, query, body: { members: list }, ...call });
  };
  return {
    ...resource<typeof memberSchema, MemberBody, MemberUpdate>(endpoint, {
      path,
      one: 'member',
      many: 'members',
      schema: memberSchema,
    }),
    replaceAll: (list, call) => batch(list, { call }),
    addOrUpdate: (list, call) => batch(list, { call, query: { additive_only: true } }),
  };
}

interface Batch {
  readonly query?: { readonly additive_only: true };
  readonly call: Call | undefined;
}

/** Octavia takes such a list (202) and then stays PENDING_UPDATE until somebody repairs its database. */
function refuseRepeated(list: readonly MemberBody[]): void {
  const seen = new Set<string>();
  for (const { address, protocol_port } of list) {
    const key = `${address} port ${protocol_port}`;
    if (seen.has(key)) throw new TypeError(`a batch of members names ${key} twice`);
    seen.add(key);
  }
}
