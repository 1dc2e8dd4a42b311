import { type Field, flag, integer, invalid, matching, oneOf, type Read, tags, text, uuid } from '../fields.ts';
import { octaviaRefusal, validationFailure } from '../refusal.ts';
import type { Pool } from './records.ts';

const urlPath: Field<string> = (value, name) => {
  if (typeof value !== 'string' || !/^\/\S*$/.test(value))
    throw invalid(name, value, 'Value must be a valid URL Path string');
  return value;
};

const httpVersion: Field<number> = (value, name) => {
  const number = Number(value);
  if (number !== 1 && number !== 1.1) throw invalid(name, value, 'Value should be one of: 1.0, 1.1');
  return number;
};

const changeable = {
  name: text(),
  tags,
  admin_state_up: flag,
  delay: integer(0, 2_147_483_647),
  timeout: integer(0, 2_147_483_647),
  max_retries: integer(1, 10),
  max_retries_down: integer(1, 10),
  http_method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'CONNECT'),
  http_version: httpVersion,
  url_path: urlPath,
  domain_name: matching(
    /^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]))*$/,
  ),
  expected_codes: matching(/^(\d{3}(\s*,\s*\d{3})*)$|^(\d{3}-\d{3})$/),
};

const monitorFields = {
  ...changeable,
  type: oneOf('HTTP', 'HTTPS', 'PING', 'TCP', 'TLS-HELLO', 'UDP-CONNECT', 'SCTP'),
};
const required = ['type', 'delay', 'timeout', 'max_retries'] as const;

export const monitorUpdate = { argument: 'health_monitor_.healthmonitor', fields: changeable } as const;
export const monitorInTree = { argument: 'load_balancer.loadbalancer', fields: monitorFields, required };
export const monitorCreate = {
  argument: 'health_monitor_.healthmonitor',
  fields: { ...monitorFields, pool_id: uuid, project_id: text(), tenant_id: text() },
  required: [...required, 'pool_id'] as const,
};

export type MonitorBody = Read<typeof monitorFields>;

const plain = { name: '', tags: [], admin_state_up: true, max_retries_down: 3, http_version: null, domain_name: null };

/** An HTTP monitor asks for something even when nobody said what. */
export function monitorDefaults(type: string): typeof plain & {
  readonly http_method: string | null;
  readonly url_path: string | null;
  readonly expected_codes: string | null;
} {
  const http = type === 'HTTP' || type === 'HTTPS';
  return {
    ...plain,
    http_method: http ? 'GET' : null,
    url_path: http ? '/' : null,
    expected_codes: http ? '200' : null,
  };
}

export function checkMonitor(body: MonitorBody, pool: Pick<Pool, 'protocol'>): void {
  const { type = '' } = body;
  const datagrams = pool.protocol === 'UDP' || pool.protocol === 'SCTP';
  if (!datagrams && (type === 'UDP-CONNECT' || type === 'SCTP'))
    throw validationFailure(`The ${type} type is only supported for pools of type UDP/SCTP.`);
  if (datagrams && !['UDP-CONNECT', 'SCTP', 'TCP', 'HTTP'].includes(type ?? ''))
    throw validationFailure(
      `The associated pool protocol is ${pool.protocol}, so only a UDP-CONNECT/SCTP/TCP/HTTP health monitor is supported.`,
    );
  checkHttpFields(body, type ?? '');
}

/** Also of an update, whose type is the record's. */
export function checkHttpFields(body: Omit<MonitorBody, 'type'>, type: string): void {
  const http = type === 'HTTP' || type === 'HTTPS';
  for (const name of ['http_method', 'url_path', 'expected_codes'] as const)
    if (!http && body[name] != null)
      throw octaviaRefusal(400, `${name} is not a valid option for health monitors of type ${type}`);
  if (body.domain_name != null && body.http_version == null)
    throw validationFailure("'http_version' must be specified when 'domain_name' is provided.");
  if (body.domain_name != null && body.http_version === 1)
    throw octaviaRefusal(
      400,
      'http_version 1.0 is not a valid option for health monitors HTTP 1.1 domain name health check',
    );
}
