import { z } from 'zod';
import { orEmpty } from '../../fields.ts';
import { resource, type Resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { neutronCommon, taggable, type Taggable } from './common.ts';
import { securityGroupRuleSchema } from './security-group-rules.ts';

export const securityGroupSchema = z.object({
  ...neutronCommon,
  /** Whole rules, so no second list is needed. */
  security_group_rules: orEmpty(securityGroupRuleSchema),
});
export type SecurityGroup = Readonly<z.infer<typeof securityGroupSchema>>;

export interface SecurityGroupUpdate {
  readonly name?: string;
  readonly description?: string;
}

/** A new group comes with two rules that let everything out. One in use by a port cannot be deleted (409). */
export interface SecurityGroupCreate extends SecurityGroupUpdate {
  readonly name: string;
}

export interface SecurityGroups extends Resource<SecurityGroup, SecurityGroupCreate, SecurityGroupUpdate>, Taggable {}

export function securityGroups(endpoint: Endpoint): SecurityGroups {
  return {
    ...resource<typeof securityGroupSchema, SecurityGroupCreate, SecurityGroupUpdate>(endpoint, table),
    ...taggable(endpoint, table),
  };
}

const table = {
  path: '/security-groups',
  one: 'security_group',
  many: 'security_groups',
  schema: securityGroupSchema,
};
