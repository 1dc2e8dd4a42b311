import { z } from 'zod';
import { conditionsSchema, timestamp } from './condition.ts';
import { listMap } from './lists.ts';

/** What the operator writes and users read. Bounded by the spec: counts, never lists of other objects. */

const count = () => z.int32().min(0);
const text = (most: number) => z.string().max(most);

export const sharedBalancerStatusSchema = z.object({
  observedGeneration: z.int().min(0).describe('The generation that the conditions speak about.').optional(),
  loadBalancerID: text(36).describe('UUID of the load balancer in Octavia.').optional(),
  address: text(45).describe('The address to put into DNS: the floating IP if there is one, else the VIP.').optional(),
  addresses: z
    .array(
      z.object({
        type: z.enum(['FloatingIP', 'VIP']).describe('What kind of address.'),
        value: text(45).describe('The address.'),
      }),
    )
    .max(16)
    .describe('Every address of the balancer.')
    .optional(),
  provisioningStatus: text(64).describe("Octavia's provisioning_status.").optional(),
  operatingStatus: text(64).describe("Octavia's operating_status.").optional(),
  topology: z
    .enum(['ActiveStandby', 'Single', 'Unknown'])
    .describe('What the load balancer runs on; Unknown if the credentials may not list amphorae.')
    .optional(),
  deletionPolicy: z.enum(['Delete', 'Retain']).describe('The one in force.').optional(),
  counts: z
    .object({
      routes: count().describe('ServiceRoutes, Services and Ingresses that name this balancer.'),
      conflicted: count().describe('Routes that lost a claim.'),
      rejected: count().describe('Routes with a rule that is not in effect.'),
      listeners: count().describe('Listeners that Octopool made.'),
      pools: count().describe('Pools that Octopool made.'),
      members: count().describe('Members of these pools.'),
      foreignListeners: count().describe('Listeners on this load balancer that somebody else made.'),
    })
    .describe('How much there is.')
    .optional(),
  listeners: listMap(
    z
      .array(
        z.object({
          name: text(40).describe('Name in the spec.'),
          listenerID: text(36).describe('UUID in Octavia.').optional(),
          routes: count().describe('Routes served by it.'),
          conditions: conditionsSchema.describe('Programmed.').optional(),
        }),
      )
      .max(32),
    'name',
  )
    .describe('The listeners of the spec.')
    .optional(),
  conditions: conditionsSchema
    .describe(
      'Accepted, ResolvedRefs, Programmed, Ready; Reconciling, Stalled, Degraded, DriftDetected, Paused and Deleting while true.',
    )
    .optional(),
});

export const serviceRouteStatusSchema = z.object({
  observedGeneration: z.int().min(0).describe('The generation that the conditions speak about.').optional(),
  balancer: text(127).describe('namespace/name of the balancer; for columns and field selectors.').optional(),
  address: text(45).describe('Where the route is reached.').optional(),
  healthy: text(32).describe('Members ONLINE / members that are monitored; - without a monitor.').optional(),
  claims: z
    .array(
      z.object({
        type: z.enum(['Hostname', 'Port']).describe('What is claimed.'),
        value: text(253).describe('A hostname, or TCP/30432.'),
        listeners: z.array(text(40)).max(32).describe('On these listeners.').optional(),
        state: z.enum(['Held', 'Waiting']).describe('Whether it is ours or another has it.'),
        since: timestamp().describe('Since when.'),
      }),
    )
    .max(64)
    .describe('Hostnames and ports that this route holds or waits for.')
    .optional(),
  rules: listMap(
    z
      .array(
        z.object({
          name: text(40).describe('Name of the rule; l4 for a route by port.'),
          state: z.enum(['Programmed', 'Pending', 'Held', 'Dropped', 'Conflicted']).describe('What became of it.'),
          reason: text(64).describe('Why, in one word.').optional(),
          message: text(1024).describe('Cause and fix.').optional(),
          healthy: text(32).describe('Members ONLINE / members that are monitored.').optional(),
        }),
      )
      .max(32),
    'name',
  )
    .describe('One entry a rule.')
    .optional(),
  conditions: conditionsSchema
    .describe(
      'Accepted, ResolvedRefs, Programmed, Ready, BackendsHealthy; Reconciling, Stalled, Conflicted, PartiallyInvalid and Paused while true.',
    )
    .optional(),
});
