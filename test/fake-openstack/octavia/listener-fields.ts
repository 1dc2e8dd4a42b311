import { cidrs, flag, integer, isRecord, listOf, listOfTexts, matching, oneOf, tags, text, uuid } from '../fields.ts';
import { invalid, type Field, type Read } from '../fields.ts';

const millis = integer(0, 86_400_000);

const headers: Field<Readonly<Record<string, string>>> = (value, name) => {
  if (!isRecord(value)) throw invalid(name, value, 'Value should be a dict');
  return Object.fromEntries(Object.entries(value).map(([header, one]) => [header, String(one)]));
};

const alpn: Field<string> = (value, name) => {
  if (value === 'h2' || value === 'http/1.1' || value === 'http/1.0') return value;
  throw invalid(name, value, 'Value should be a valid ALPN protocol ID');
};

const changeable = {
  name: text(),
  description: text(),
  tags,
  admin_state_up: flag,
  connection_limit: integer(-1, 2_147_483_647),
  default_pool_id: uuid,
  default_tls_container_ref: text(),
  sni_container_refs: listOf(text()),
  client_authentication: oneOf('NONE', 'OPTIONAL', 'MANDATORY'),
  client_ca_tls_container_ref: text(),
  client_crl_container_ref: text(),
  tls_ciphers: text(2_048),
  tls_versions: listOf(matching(/^(SSLv3|TLSv1(\.[123])?)$/)),
  alpn_protocols: listOfTexts(alpn),
  insert_headers: headers,
  allowed_cidrs: cidrs,
  timeout_client_data: millis,
  timeout_member_connect: millis,
  timeout_member_data: millis,
  timeout_tcp_inspect: millis,
};

const fixed = {
  protocol: oneOf('UDP', 'TERMINATED_HTTPS', 'HTTPS', 'PROMETHEUS', 'HTTP', 'SCTP', 'TCP'),
  protocol_port: integer(1, 65_535),
};

export const listenerUpdate = { argument: 'listener_.listener', fields: changeable } as const;

export const listenerCreate = {
  argument: 'listener_.listener',
  fields: { ...changeable, ...fixed, loadbalancer_id: uuid, project_id: text(), tenant_id: text() },
  required: ['loadbalancer_id', 'protocol', 'protocol_port'],
} as const;

/** Without what the tree around it says; `default_pool` and `l7policies` are read by whoever reads the tree. */
export const listenerInTreeFields = { ...changeable, ...fixed };

export type ListenerChanges = Read<typeof changeable>;
export type ListenerBody = Read<typeof changeable & typeof fixed>;

const tlsDefaults = {
  tls_ciphers:
    'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:DHE-RSA-AES256-GCM-SHA384:' +
    'DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA256:' +
    'DHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256',
  tls_versions: ['TLSv1.2', 'TLSv1.3'],
  alpn_protocols: ['h2', 'http/1.1', 'http/1.0'],
};

/** What null and absence mean; a listener that ends TLS has some more. */
export function defaultsOf(protocol: string): Omit<typeof listenerDefaults, keyof typeof tlsDefaults> & {
  readonly [K in keyof typeof tlsDefaults]: (typeof tlsDefaults)[K] | null;
} {
  return protocol === 'TERMINATED_HTTPS' ? { ...listenerDefaults, ...tlsDefaults } : listenerDefaults;
}

const listenerDefaults = {
  name: '',
  description: '',
  tags: [],
  admin_state_up: true,
  connection_limit: -1,
  default_pool_id: null,
  default_tls_container_ref: null,
  sni_container_refs: [],
  client_authentication: 'NONE',
  client_ca_tls_container_ref: null,
  client_crl_container_ref: null,
  tls_ciphers: null,
  tls_versions: null,
  alpn_protocols: null,
  insert_headers: {},
  allowed_cidrs: null,
  timeout_client_data: 50_000,
  timeout_member_connect: 5_000,
  timeout_member_data: 50_000,
  timeout_tcp_inspect: 0,
} as const;
