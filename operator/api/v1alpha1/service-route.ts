import { z } from 'zod';
import { backendPolicySchema } from './backend-policy.ts';
import { listMap, listSet } from './lists.ts';
import { ruled, transition } from './rule.ts';
import { dnsLabel, exactHostname, urlPath } from './text.ts';

/** ServiceRoute.spec: attaches Services of its own namespace to a SharedBalancer. Source of the CRD, of its types and of the runtime check. */

/** A number or a name; both are one JSON value to users. */
const servicePort = z
  .union([
    z.int32().min(1).max(65535),
    z
      .string()
      .min(1)
      .max(63)
      .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  ])
  .meta({ 'x-kubernetes-int-or-string': true });

const backendSchema = z.object({
  service: dnsLabel().describe('Name of a Service in this namespace.'),
  port: servicePort.describe('Number or name of one of its ports.'),
});

const backendsSchema = ruled(z.array(backendSchema).min(1).max(8), {
  cel: 'self.all(a, self.exists_one(b, b.service == a.service && b.port == a.port))',
  message: 'the same service and port stands twice; remove one',
  holds: (backends) =>
    new Set(backends.map(({ service, port }) => JSON.stringify([service, port]))).size === backends.length,
});

const matchSchema = z.object({
  path: z
    .object({
      type: z
        .enum(['Exact', 'PathPrefix'])
        .default('PathPrefix')
        .describe('Exact: this path. PathPrefix: this path and all below it, element by element.'),
      value: urlPath().describe('Path as it stands in the request: not decoded, case-sensitive.'),
    })
    .describe('Default: every path.')
    .optional(),
});

const httpRuleSchema = z.object({
  name: dnsLabel(40).describe('Identity of the rule; a renamed rule is another rule.'),
  matches: z.array(matchSchema).max(8).default([]).describe('Any of these; none: every request to the hostnames.'),
  action: z
    .object({
      type: z.enum(['Forward']).describe('Forward: send the request to a backend.'),
      backends: backendsSchema.describe('They share one pool. Octavia: members.'),
    })
    .describe('What happens with a matched request.'),
  backendPolicy: backendPolicySchema.describe('Overrides the one of the route, field by field.').optional(),
});

const httpSchema = z.object({
  listeners: listSet(z.array(dnsLabel(40)).min(1).max(32))
    .describe('Listeners of the balancer; default: every HTTP listener.')
    .optional(),
  hostnames: listSet(z.array(exactHostname()).min(1).max(16)).describe(
    'Names of the Host header. Octavia: HOST_NAME rules.',
  ),
  rules: listMap(z.array(httpRuleSchema).min(1).max(32), 'name').describe(
    'Order has no meaning: the more specific match wins.',
  ),
});

const l4Schema = z.object({
  port: z.int32().min(1).max(65535).describe('Port on the balancer, for this route alone. Octavia: protocol_port.'),
  protocol: z.enum(['TCP']).default('TCP').describe('Transport protocol.'),
  backends: backendsSchema.describe('They share one pool. Octavia: members.'),
});

const balancerRefSchema = transition(
  z.object({
    name: dnsLabel().describe('Name of the SharedBalancer.'),
    namespace: dnsLabel().describe('Its namespace; default: the one of this route.').optional(),
  }),
  { cel: 'self == oldSelf', message: 'balancerRef is immutable; create a second route, then delete this one' },
);

export const serviceRouteSpecSchema = ruled(
  z.object({
    balancerRef: balancerRefSchema.describe('The balancer to attach to. Immutable.'),
    http: httpSchema.describe('Attach by hostname and path.').optional(),
    l4: l4Schema.describe('Attach by port.').optional(),
    backendPolicy: backendPolicySchema.describe('For every rule of this route.').optional(),
  }),
  {
    cel: 'has(self.l4) != has(self.http)',
    message: 'set exactly one of http, l4',
    holds: ({ l4, http }) => (l4 !== undefined) !== (http !== undefined),
  },
);

/** The reference alone: which balancer a route belongs to is known even when the rest of it is wrong. */
export const routeReferenceSchema = z.object({
  balancerRef: z.object({ name: z.string(), namespace: z.string().optional() }),
});

export type ServiceRouteSpec = z.output<typeof serviceRouteSpecSchema>;
