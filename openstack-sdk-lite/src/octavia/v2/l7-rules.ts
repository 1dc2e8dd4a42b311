import { z } from 'zod';
import { octaviaCommon, orNull, type Switchable } from '../../fields.ts';
import { resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

export const l7RuleSchema = z.object({
  ...octaviaCommon,
  /** HOST_NAME, PATH, HEADER, COOKIE, FILE_TYPE, SSL_*. */
  type: z.string(),
  /** EQUAL_TO, REGEX, STARTS_WITH, ENDS_WITH, CONTAINS. */
  compare_type: z.string(),
  /** Name of the header or cookie. */
  key: orNull(z.string()),
  value: z.string(),
  invert: z.boolean(),
});
export type L7Rule = Readonly<z.infer<typeof l7RuleSchema>>;

/** An update takes the same fields as a create. */
export interface L7RuleBody extends Switchable {
  readonly tags?: readonly string[];
  readonly type: string;
  readonly compare_type: string;
  readonly key?: string | null;
  readonly value: string;
  readonly invert?: boolean;
}

/** The rules of one policy: all of them must match. */
export type L7Rules = Resource<L7Rule, L7RuleBody, Partial<L7RuleBody>>;

export function l7Rules(endpoint: Endpoint, policyId: string): L7Rules {
  return resource<typeof l7RuleSchema, L7RuleBody, Partial<L7RuleBody>>(endpoint, {
    path: `/lbaas/l7policies/${encodeURIComponent(policyId)}/rules`,
    one: 'rule',
    many: 'rules',
    schema: l7RuleSchema,
  });
}
