import { z } from 'zod';
import { orNull, textOrEmpty } from '../../fields.ts';
import { resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';

export const securityGroupRuleSchema = z.object({
  id: z.string(),
  security_group_id: z.string(),
  description: textOrEmpty,
  direction: z.enum(['ingress', 'egress']),
  ethertype: z.enum(['IPv4', 'IPv6']),
  /** Name or number; null: any. */
  protocol: orNull(z.union([z.string(), z.number()]).transform(String)),
  port_range_min: orNull(z.number()),
  port_range_max: orNull(z.number()),
  /** CIDR as it was written; null: anywhere, unless a group is named. */
  remote_ip_prefix: orNull(z.string()),
  remote_group_id: orNull(z.string()),
});
export type SecurityGroupRule = Readonly<z.infer<typeof securityGroupRuleSchema>>;

export interface SecurityGroupRuleCreate {
  readonly security_group_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  readonly protocol?: string;
  readonly port_range_min?: number;
  readonly port_range_max?: number;
  readonly remote_ip_prefix?: string;
  readonly remote_group_id?: string;
  readonly description?: string;
}

/** Rules cannot be changed. The same rule twice is a 409 (SecurityGroupRuleExists). */
export type SecurityGroupRules = Omit<Resource<SecurityGroupRule, SecurityGroupRuleCreate, never>, 'update'>;

export function securityGroupRules(endpoint: Endpoint): SecurityGroupRules {
  return resource<typeof securityGroupRuleSchema, SecurityGroupRuleCreate, never>(endpoint, {
    path: '/security-group-rules',
    one: 'security_group_rule',
    many: 'security_group_rules',
    schema: securityGroupRuleSchema,
  });
}
