import { z } from 'zod';
import { IS_DURATION, durationBetween, durationOrNothing } from './duration.ts';
import { urlPath } from './http-text.ts';
import { atomicMap } from './lists.ts';
import { matching, ruled } from './rule.ts';
import { exactHostname } from './text.ts';

/** How members are probed. No default in here, for the reason that backend-policy.ts gives. */

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'CONNECT'] as const;

const monitorFields = z.object({
  type: z
    .enum(['None', 'TCP', 'HTTP', 'HTTPS', 'TLSHello', 'UDPConnect', 'SCTP', 'Ping'])
    .describe(
      'None: no monitor, members always count as usable. TCP: connects. HTTP, HTTPS: sends a request. TLSHello: begins a TLS handshake, for TLS that passes through. UDPConnect: for UDP, a port that answers "unreachable" is down. SCTP: for SCTP. Ping: only that the machine answers. Octavia: type; a change replaces the monitor.',
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
  path: urlPath().describe('HTTP and HTTPS: path that is requested; built-in /. Octavia: url_path.').optional(),
  method: z.enum(METHODS).describe('HTTP and HTTPS: request method; built-in GET. Octavia: http_method.').optional(),
  version: z
    .enum(['1.0', '1.1'])
    .describe('HTTP and HTTPS: protocol version, as a string; built-in "1.0". Octavia: http_version.')
    .optional(),
  host: exactHostname().describe('HTTP and HTTPS: Host header; needs version "1.1". Octavia: domain_name.').optional(),
  expectedCodes: ruled(
    z.string().max(64),
    matching(
      /^([0-9]{3}(,[0-9]{3})*|[0-9]{3}-[0-9]{3})$/,
      'must be one status code, a list or a range, such as "200", "200,204" or "200-204"',
    ),
  )
    .describe('HTTP and HTTPS: status codes that count as success; built-in "200". Octavia: expected_codes.')
    .optional(),
});

const REQUEST_FIELDS = ['path', 'method', 'version', 'host', 'expectedCodes'] as const;

/** Inherited whole or not at all. */
export const healthMonitorSchema = atomicMap(
  ruled(
    monitorFields,
    {
      cel: `!has(self.timeout) || !has(self.delay) || !${IS_DURATION('self.timeout')} || !${IS_DURATION('self.delay')} || duration(self.timeout) <= duration(self.delay)`,
      message: 'timeout must not exceed delay',
      holds: ({ timeout = '', delay = '' }) =>
        (durationOrNothing(timeout) ?? 0) <= (durationOrNothing(delay) ?? Infinity),
    },
    {
      cel: `self.type in ['HTTP', 'HTTPS'] || (${REQUEST_FIELDS.map((field) => `!has(self.${field})`).join(' && ')})`,
      message:
        'path, method, version, host and expectedCodes belong to type HTTP or HTTPS; remove them or set such a type',
      holds: (monitor) =>
        monitor.type === 'HTTP' ||
        monitor.type === 'HTTPS' ||
        REQUEST_FIELDS.every((field) => monitor[field] === undefined),
    },
    {
      cel: "!has(self.host) || (has(self.version) && self.version == '1.1')",
      message: 'host needs version: "1.1", because an HTTP/1.0 probe sends no Host header',
      holds: ({ host, version }) => host === undefined || version === '1.1',
    },
  ),
);

export type HealthMonitor = z.output<typeof healthMonitorSchema>;
