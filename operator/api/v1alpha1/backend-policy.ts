import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { healthMonitorSchema } from './health-monitor.ts';
import { cookieName } from './http-text.ts';
import { labelSelectorSchema } from './label-selector.ts';
import { atomicMap } from './lists.ts';
import { ruled } from './rule.ts';

/*
 * No default in here: a field that is left out is inherited (rule, then route, then the balancer's defaults, then built-in), and
 * a schema default would end that search at the first object.
 */

const sessionPersistenceSchema = atomicMap(
  ruled(
    z.object({
      type: z
        .enum(['None', 'SourceIP', 'HTTPCookie', 'AppCookie'])
        .describe(
          "None: each connection goes where the algorithm says. SourceIP: by the client's address. HTTPCookie: by a cookie named SRV that the balancer sets. AppCookie: by a cookie of the application. Cookies need http. Octavia: session_persistence.type.",
        ),
      cookieName: cookieName()
        .describe("AppCookie: name of the application's cookie. Octavia: session_persistence.cookie_name.")
        .optional(),
      timeout: durationBetween('1s', '24h', 'second')
        .describe(
          'SourceIP with UDP or SCTP: how long a client that is silent stays with its member, whole seconds. Octavia: session_persistence.persistence_timeout.',
        )
        .optional(),
    }),
    {
      cel: "(self.type == 'AppCookie') == has(self.cookieName)",
      message: 'cookieName is required for type AppCookie and allowed only there',
      holds: (persistence) => (persistence.type === 'AppCookie') === (persistence.cookieName !== undefined),
    },
    {
      cel: "!has(self.timeout) || self.type == 'SourceIP'",
      message: 'timeout belongs to type SourceIP; remove it or set that type',
      holds: ({ type, timeout }) => timeout === undefined || type === 'SourceIP',
    },
  ),
);

/** How the backends of a rule are reached and watched. */
export const backendPolicySchema = ruled(
  z.object({
    targetType: z
      .enum(['NodePort', 'PodIP'])
      .describe(
        'NodePort: members are nodes, at the node port of the Service. PodIP: members are the Pods; the balancer must be able to route to their addresses. Built-in NodePort. Octavia: address of the members; a change replaces them in one call, and the old ones drain.',
      )
      .optional(),
    nodeSelector: labelSelectorSchema
      .describe('targetType NodePort: labels of the nodes that become members; built-in: all eligible nodes.')
      .optional(),
    maxNodes: z
      .int32()
      .min(1)
      .max(1000)
      .describe(
        'At most this many nodes become members of a pool, chosen per pool so that they spread; built-in: all eligible nodes. Octavia: the member set.',
      )
      .optional(),
    algorithm: z
      .enum(['RoundRobin', 'LeastConnections', 'SourceIP'])
      .describe('How a member is chosen; built-in RoundRobin. Octavia: lb_algorithm of the pool.')
      .optional(),
    sessionPersistence: sessionPersistenceSchema
      .describe(
        'What keeps a client at its member; inherited whole or not at all. Built-in: None. Octavia: session_persistence of the pool.',
      )
      .optional(),
    proxyProtocol: z
      .enum(['None', 'V1', 'V2'])
      .describe(
        "Version of the PROXY header by which members learn the client's address; they must expect it. TCP and HTTP only; takes X-Forwarded-For away. Built-in None. Octavia: protocol PROXY or PROXYV2 of the pool; a change makes a new pool before the old one goes.",
      )
      .optional(),
    healthMonitor: healthMonitorSchema
      .describe(
        'How members are probed; inherited whole or not at all. Built-in: TCP, for UDP UDPConnect, for SCTP SCTP. Octavia: the health monitor of the pool.',
      )
      .optional(),
    drainTimeout: durationBetween('0s', '1h')
      .describe(
        'How long a member that leaves may finish what it answers; 0s: it leaves at once. Built-in 30s. Octavia: weight 0, then removed.',
      )
      .optional(),
  }),
  {
    cel: "!has(self.nodeSelector) || !has(self.targetType) || self.targetType == 'NodePort'",
    message: 'nodeSelector belongs to targetType NodePort; remove it or set that targetType',
    holds: ({ nodeSelector, targetType }) => nodeSelector === undefined || (targetType ?? 'NodePort') === 'NodePort',
  },
);

export type BackendPolicy = z.output<typeof backendPolicySchema>;
