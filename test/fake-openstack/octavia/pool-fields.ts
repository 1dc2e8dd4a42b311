import {
  flag,
  type Field,
  invalid,
  isRecord,
  listOf,
  oneOf,
  type Read,
  readBody,
  tags,
  text,
  uuid,
  integer,
} from '../fields.ts';
import { validationFailure } from '../refusal.ts';
import type { SessionPersistence } from './records.ts';

const persistence = {
  argument: 'pool_.pool.session_persistence',
  fields: {
    type: oneOf('SOURCE_IP', 'HTTP_COOKIE', 'APP_COOKIE'),
    cookie_name: text(),
    persistence_timeout: integer(1, 2_147_483_647),
    persistence_granularity: text(),
  },
  required: ['type'],
} as const;

const sessionPersistence: Field<SessionPersistence> = (value, name) => {
  if (!isRecord(value)) throw invalid(name, value, 'Value should be a dict');
  const { type, cookie_name, persistence_timeout, persistence_granularity } = readBody(value, persistence);
  return {
    type: type ?? '',
    cookie_name: cookie_name ?? null,
    persistence_timeout: persistence_timeout ?? null,
    persistence_granularity: persistence_granularity ?? null,
  };
};

const changeable = {
  name: text(),
  description: text(),
  tags,
  admin_state_up: flag,
  lb_algorithm: oneOf('ROUND_ROBIN', 'SOURCE_IP_PORT', 'SOURCE_IP', 'LEAST_CONNECTIONS'),
  session_persistence: sessionPersistence,
  tls_enabled: flag,
  tls_container_ref: text(),
  ca_tls_container_ref: text(),
  crl_container_ref: text(),
  tls_ciphers: text(2_048),
  tls_versions: listOf(text()),
  alpn_protocols: listOf(text()),
};

export const poolInTreeFields = {
  ...changeable,
  protocol: oneOf('UDP', 'PROXYV2', 'PROXY', 'HTTPS', 'HTTP', 'SCTP', 'TCP'),
};

export const poolUpdate = { argument: 'pool_.pool', fields: changeable } as const;

export const poolCreate = {
  argument: 'pool_.pool',
  fields: { ...poolInTreeFields, loadbalancer_id: uuid, listener_id: uuid, project_id: text(), tenant_id: text() },
  required: ['protocol', 'lb_algorithm'],
} as const;

export type PoolBody = Read<typeof poolInTreeFields>;

export const poolDefaults = {
  name: '',
  description: '',
  tags: [],
  admin_state_up: true,
  lb_algorithm: 'ROUND_ROBIN',
  session_persistence: null,
  tls_enabled: false,
  tls_container_ref: null,
  ca_tls_container_ref: null,
  crl_container_ref: null,
  tls_ciphers: null,
  tls_versions: null,
  alpn_protocols: null,
} as const;

export function checkPersistence(session: SessionPersistence | null | undefined): void {
  if (session == null) return;
  if (session.type === 'APP_COOKIE' && session.cookie_name === null)
    throw validationFailure(
      'Field "cookie_name" must be specified when using the "APP_COOKIE" session persistence type.',
    );
  if (session.type !== 'APP_COOKIE' && session.cookie_name !== null)
    throw validationFailure('Field "cookie_name" can only be specified with session persistence of type "APP_COOKIE".');
}
