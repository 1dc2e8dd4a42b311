import { z } from 'zod';
import { type Named, octaviaCommon, orNull, references, type Switchable, textOrEmpty } from '../../fields.ts';
import { resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import type { L7RuleBody } from './l7-rules.ts';
import type { PoolInTree } from './pools.ts';

export const l7PolicySchema = z.object({
  ...octaviaCommon,
  description: textOrEmpty,
  listener_id: z.string(),
  /** REDIRECT_TO_POOL, REDIRECT_TO_URL, REDIRECT_PREFIX, REJECT. */
  action: z.string(),
  /** From 1; inserting shifts the others. A larger number than there are policies means last. */
  position: z.number(),
  redirect_pool_id: orNull(z.string()),
  redirect_url: orNull(z.string()),
  redirect_prefix: orNull(z.string()),
  redirect_http_code: orNull(z.number()),
  /** Ids only, in lists and in a single policy. */
  rules: references,
});
export type L7Policy = Readonly<z.infer<typeof l7PolicySchema>>;

export interface L7PolicyUpdate extends Named, Switchable {
  readonly action?: string;
  readonly position?: number;
  readonly redirect_pool_id?: string | null;
  readonly redirect_url?: string | null;
  readonly redirect_prefix?: string | null;
  readonly redirect_http_code?: number | null;
}

/** Rules come by calls of their own: here they are a 500. Make it with `admin_state_up: false` and switch it on when they are there. */
export interface L7PolicyCreate extends L7PolicyUpdate {
  readonly listener_id: string;
  readonly action: string;
}

/** Below `l7policies` of a listener in a load balancer that is created. */
export interface L7PolicyInTree extends Omit<L7PolicyCreate, 'listener_id' | 'redirect_pool_id'> {
  /** The pool itself, or the name of one of the tree's pools. */
  readonly redirect_pool?: PoolInTree | { readonly name: string };
  readonly rules?: readonly L7RuleBody[];
}

/** There is no filter by load balancer (400); `tags` and `listener_id` work. */
export type L7Policies = Resource<L7Policy, L7PolicyCreate, L7PolicyUpdate>;

export function l7Policies(endpoint: Endpoint): L7Policies {
  return resource<typeof l7PolicySchema, L7PolicyCreate, L7PolicyUpdate>(endpoint, {
    path: '/lbaas/l7policies',
    one: 'l7policy',
    many: 'l7policies',
    schema: l7PolicySchema,
  });
}
