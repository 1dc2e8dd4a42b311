import { z } from 'zod';
import { backendPolicySchema } from './backend-policy.ts';
import { backendsSchema } from './backends.ts';
import { actionSchema } from './http-action.ts';
import { matchSchema } from './http-match.ts';
import { allowedNetworks, connectionLimit, timeoutsSchema } from './listener-terms.ts';
import { listMap, listSet } from './lists.ts';
import { ruled, transition } from './rule.ts';
import { dnsLabel, hostnamePattern } from './text.ts';

/** ServiceRoute.spec: attaches Services of its own namespace to a SharedBalancer. Source of the CRD, of its types and of the runtime check. */

const httpRuleSchema = ruled(
  z.object({
    name: dnsLabel(40).describe('Identity of the rule; a renamed rule is another rule.'),
    matches: z
      .array(matchSchema)
      .max(8)
      .default([])
      .describe(
        'Any of these; inside one, everything that is set must hold. None: every request to the hostnames. Octavia: a policy for each hostname and match.',
      ),
    action: actionSchema.describe('What happens with a matched request.'),
    backendPolicy: backendPolicySchema.describe('Overrides the one of the route, field by field.').optional(),
  }),
  {
    cel: '!has(self.backendPolicy) || !has(self.backendPolicy.sessionPersistence) || !has(self.backendPolicy.sessionPersistence.timeout)',
    message: 'sessionPersistence.timeout needs l4 with protocol UDP or SCTP; remove it',
    holds: ({ backendPolicy }) => backendPolicy?.sessionPersistence?.timeout === undefined,
  },
);

const httpSchema = z.object({
  listeners: listSet(z.array(dnsLabel(40)).min(1).max(32))
    .describe('Names of listeners of the balancer; default: every HTTP listener.')
    .optional(),
  hostnames: listSet(z.array(hostnamePattern()).min(1).max(16)).describe(
    'Names of the Host header: a DNS name; *.x for every name below x, at any depth; * for every name, which the balancer must have delegated. Octavia: HOST_NAME rules.',
  ),
  rules: listMap(z.array(httpRuleSchema).min(1).max(32), 'name').describe(
    'Order has no meaning: the more specific match wins.',
  ),
});

const l4Schema = ruled(
  z.object({
    port: z.int32().min(1).max(65535).describe('Port on the balancer, for this route alone. Octavia: protocol_port.'),
    protocol: z
      .enum(['TCP', 'UDP', 'SCTP'])
      .default('TCP')
      .describe('Transport protocol; TLS that passes through is TCP. Octavia: protocol of listener and pool.'),
    sourceRanges: allowedNetworks().describe('Networks that may connect; empty: everybody. Octavia: allowed_cidrs.'),
    connectionLimit: connectionLimit(),
    timeouts: timeoutsSchema.describe("TCP only; default: the cloud's own. Octavia: timeout_*.").optional(),
    backends: backendsSchema.describe('Where to; they share one pool. Octavia: members.'),
  }),
  {
    cel: "self.protocol == 'TCP' || !has(self.timeouts)",
    message: 'timeouts belong to protocol TCP; remove them, UDP and SCTP have none in Octavia',
    holds: ({ protocol, timeouts }) => protocol === 'TCP' || timeouts === undefined,
  },
);

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
  {
    cel: "!has(self.l4) || self.l4.protocol == 'TCP' || !has(self.backendPolicy) || !has(self.backendPolicy.proxyProtocol) || self.backendPolicy.proxyProtocol == 'None'",
    message: 'proxyProtocol needs http or l4 with protocol TCP; remove it or set None',
    holds: ({ l4, backendPolicy }) =>
      l4 === undefined || l4.protocol === 'TCP' || (backendPolicy?.proxyProtocol ?? 'None') === 'None',
  },
  {
    cel: "!has(self.l4) || !has(self.backendPolicy) || !has(self.backendPolicy.sessionPersistence) || self.backendPolicy.sessionPersistence.type in ['None', 'SourceIP']",
    message: 'sessionPersistence by cookie needs http; use SourceIP or None',
    holds: ({ l4, backendPolicy }) =>
      l4 === undefined || ['None', 'SourceIP'].includes(backendPolicy?.sessionPersistence?.type ?? 'None'),
  },
  {
    cel: "!has(self.backendPolicy) || !has(self.backendPolicy.sessionPersistence) || !has(self.backendPolicy.sessionPersistence.timeout) || (has(self.l4) && self.l4.protocol != 'TCP')",
    message: 'sessionPersistence.timeout needs l4 with protocol UDP or SCTP; remove it',
    holds: ({ l4, backendPolicy }) =>
      backendPolicy?.sessionPersistence?.timeout === undefined || (l4 !== undefined && l4.protocol !== 'TCP'),
  },
);

/** The reference alone: which balancer a route belongs to is known even when the rest of it is wrong. */
export const routeReferenceSchema = z.object({
  balancerRef: z.object({ name: z.string(), namespace: z.string().optional() }),
});

export type ServiceRouteSpec = z.output<typeof serviceRouteSpecSchema>;
