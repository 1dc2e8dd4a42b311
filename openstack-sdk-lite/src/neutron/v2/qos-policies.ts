import { z } from 'zod';
import { type ReadOnly, resource } from '../../resource.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { neutronCommon } from './common.ts';

export const qosPolicySchema = z.object({ ...neutronCommon, shared: z.boolean() });
export type QosPolicy = Readonly<z.infer<typeof qosPolicySchema>>;

/** Those of the project, and those that others share. A cloud without the QoS extension answers 404. */
export type QosPolicies = ReadOnly<QosPolicy>;

export function qosPolicies(endpoint: Endpoint): QosPolicies {
  return resource(endpoint, { path: '/qos/policies', one: 'policy', many: 'policies', schema: qosPolicySchema });
}
