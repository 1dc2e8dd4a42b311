import { z } from 'zod';
import { IS_DURATION, durationBetween, durationOrNothing } from './duration.ts';
import { atomicMap } from './lists.ts';
import { matching, ruled } from './rule.ts';
import { exactHostname, urlPath } from './text.ts';

/*
 * No default in here: a field that is left out is inherited (rule, then route, then the balancer's defaults, then built-in), and
 * a schema default would end that search at the first object.
 */

const monitorFields = z.object({
  type: z
    .enum(['None', 'TCP', 'HTTP'])
    .describe(
      'None: no monitor, members always count as usable. TCP: connects. HTTP: sends a request. Octavia: type; a change replaces the monitor.',
    ),
  delay: durationBetween('1s', '1h', 'second')
    .describe('Time between two probes of a member, whole seconds; built-in 5s. Octavia: delay.')
    .optional(),
  timeout: durationBetween('1s', '1h', 'second')
    .describe('How long a probe may take, whole seconds, at most delay; built-in 3s. Octavia: timeout.')
    .optional(),
  maxRetries: z
    .int32()
    .min(1)
    .max(10)
    .describe('Successes in a row after which a member is ONLINE again; built-in 1. Octavia: max_retries.')
    .optional(),
  maxRetriesDown: z
    .int32()
    .min(1)
    .max(10)
    .describe('Failures in a row after which a member is taken out; built-in 3. Octavia: max_retries_down.')
    .optional(),
  path: urlPath().describe('HTTP only: path that is requested; built-in /. Octavia: url_path.').optional(),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'CONNECT'])
    .describe('HTTP only: request method; built-in GET. Octavia: http_method.')
    .optional(),
  version: z
    .enum(['1.0', '1.1'])
    .describe('HTTP only: protocol version, as a string; built-in "1.0". Octavia: http_version.')
    .optional(),
  host: exactHostname().describe('HTTP only: Host header; needs version "1.1". Octavia: domain_name.').optional(),
  expectedCodes: ruled(
    z.string().max(64),
    matching(
      /^([0-9]{3}(,[0-9]{3})*|[0-9]{3}-[0-9]{3})$/,
      'must be one status code, a list or a range, such as "200", "200,204" or "200-204"',
    ),
  )
    .describe('HTTP only: status codes that count as success; built-in "200". Octavia: expected_codes.')
    .optional(),
});

const HTTP_FIELDS = ['path', 'method', 'version', 'host', 'expectedCodes'] as const;

const healthMonitorSchema = atomicMap(
  ruled(
    monitorFields,
    {
      cel: `!has(self.timeout) || !has(self.delay) || !${IS_DURATION('self.timeout')} || !${IS_DURATION('self.delay')} || duration(self.timeout) <= duration(self.delay)`,
      message: 'timeout must not exceed delay',
      holds: ({ timeout = '', delay = '' }) =>
        (durationOrNothing(timeout) ?? 0) <= (durationOrNothing(delay) ?? Infinity),
    },
    {
      cel: `self.type == 'HTTP' || (${HTTP_FIELDS.map((field) => `!has(self.${field})`).join(' && ')})`,
      message: 'path, method, version, host and expectedCodes belong to type HTTP; remove them or set type: HTTP',
      holds: (monitor) => monitor.type === 'HTTP' || HTTP_FIELDS.every((field) => monitor[field] === undefined),
    },
    {
      cel: "!has(self.host) || (has(self.version) && self.version == '1.1')",
      message: 'host needs version: "1.1", because an HTTP/1.0 probe sends no Host header',
      holds: ({ host, version }) => host === undefined || version === '1.1',
    },
  ),
);

/** How the backends of a rule are reached and watched. */
export const backendPolicySchema = z.object({
  algorithm: z
    .enum(['RoundRobin', 'LeastConnections', 'SourceIP'])
    .describe('How a member is chosen; built-in RoundRobin. Octavia: lb_algorithm of the pool.')
    .optional(),
  healthMonitor: healthMonitorSchema
    .describe(
      'How members are probed; inherited whole or not at all. Built-in: TCP. Octavia: the health monitor of the pool.',
    )
    .optional(),
  maxNodes: z
    .int32()
    .min(1)
    .max(1000)
    .describe(
      'At most this many nodes become members of a pool, chosen per pool so that they spread; built-in: all eligible nodes. Octavia: the member set.',
    )
    .optional(),
});

export type BackendPolicy = z.output<typeof backendPolicySchema>;
export type HealthMonitor = z.output<typeof healthMonitorSchema>;
