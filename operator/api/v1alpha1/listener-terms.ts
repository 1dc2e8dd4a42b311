import { z } from 'zod';
import { cidr } from './address-text.ts';
import { durationBetween } from './duration.ts';
import { listSet } from './lists.ts';
import { ruled } from './rule.ts';

/** What a listener of the balancer and a port of a route have in common. */

export const timeoutsSchema = z.object({
  clientData: durationBetween('1ms', '576h')
    .default('50s')
    .describe('Longest silence of a client, to the millisecond. Octavia: timeout_client_data.'),
  memberConnect: durationBetween('1ms', '576h')
    .default('5s')
    .describe('Longest wait for a connection to a member, to the millisecond. Octavia: timeout_member_connect.'),
  memberData: durationBetween('1ms', '576h')
    .default('50s')
    .describe('Longest silence of a member, to the millisecond. Octavia: timeout_member_data.'),
  tcpInspect: durationBetween('0s', '576h')
    .default('0s')
    .describe('How long to wait for content to inspect, to the millisecond. Octavia: timeout_tcp_inspect.'),
});

export function connectionLimit() {
  return ruled(z.int32().min(-1).max(1_000_000).default(-1), {
    cel: 'self != 0',
    message: 'connectionLimit is -1 (no limit) or at least 1',
    holds: (limit) => limit !== 0,
  }).describe('Most connections at a time; -1: no limit. Octavia: connection_limit.');
}

/** Who may connect. */
export function allowedNetworks() {
  return listSet(z.array(cidr()).max(64)).default([]);
}

export type Timeouts = z.output<typeof timeoutsSchema>;
