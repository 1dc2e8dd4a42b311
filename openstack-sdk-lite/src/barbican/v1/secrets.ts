import { z } from 'zod';
import { orNull, textOrEmpty } from '../../fields.ts';
import type { Call } from '../../resource.ts';
import type { Secret } from '../../secret.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { parsed } from '../../transport/parsed.ts';

/** What is told about a secret; never its payload. */
export const secretMetadataSchema = z.object({
  /** A URL, whose host is Barbican's own idea of itself; Octavia wants it as it is. */
  secret_ref: z.string(),
  name: textOrEmpty,
  status: z.string(),
  secret_type: orNull(z.string()),
  expiration: orNull(z.string()),
  created: orNull(z.string()),
});
export type SecretMetadata = Readonly<z.infer<typeof secretMetadataSchema>>;

export interface SecretCreate {
  readonly name: string;
  /** `opaque` is what Octavia wants for a PKCS#12 bundle. */
  readonly secret_type: string;
  /** Base64. */
  readonly payload: Secret;
  readonly payload_content_type: 'application/octet-stream';
  /** `YYYY-MM-DDTHH:MM:SS`, UTC. */
  readonly expiration?: string;
}

/** Payloads are at most 20 kB by Barbican's default. A secret never changes: make another and delete the old one. */
export interface Secrets {
  /** By name: names are not unique. */
  list(filter?: { readonly name?: string }, call?: Call): Promise<readonly SecretMetadata[]>;
  /** By id or reference. */
  get(idOrRef: string, call?: Call): Promise<SecretMetadata>;
  /** The reference of the new secret. */
  create(body: SecretCreate, call?: Call): Promise<string>;
  /** Barbican deletes also what a listener still uses, and that wedges its load balancer: take it off the listener first. */
  remove(idOrRef: string, call?: Call): Promise<void>;
}

export function secrets(endpoint: Endpoint): Secrets {
  return {
    list: (filter = {}, call = {}) => listByOffset(endpoint, { ...filter }, call),
    get: async (idOrRef, call = {}) => {
      const answer = await endpoint.send({ method: 'GET', path: at(idOrRef), ...call });
      return parsed({ ...answer, body: { secret: answer.body } }, 'secret', secretMetadataSchema);
    },
    create: async ({ payload, ...body }, call = {}) => {
      const sent = { ...body, payload_content_encoding: 'base64', payload: payload.reveal() };
      const answer = await endpoint.send({ method: 'POST', path: '/secrets', body: sent, ...call });
      return parsed(answer, 'secret_ref', z.string());
    },
    remove: async (idOrRef, call = {}) => {
      await endpoint.send({ method: 'DELETE', path: at(idOrRef), ...call });
    },
  };
}

/** Barbican's largest page by default. */
const pageSize = 100;

/** Barbican has offsets, and pages of 10 unless asked. Something deleted meanwhile shifts the rest: pages overlap by one. */
async function listByOffset(endpoint: Endpoint, filter: { readonly name?: string }, call: Call) {
  const found = new Map<string, SecretMetadata>();
  for (let offset = 0; ; offset += pageSize - 1) {
    const query = { ...filter, limit: pageSize, offset };
    const answer = await endpoint.send({ method: 'GET', path: '/secrets', query, ...call });
    const page = parsed(answer, 'secrets', z.array(secretMetadataSchema));
    const before = found.size;
    for (const secret of page) found.set(secret.secret_ref, secret);
    if (page.length < pageSize || found.size === before) break;
  }
  return [...found.values()].filter(({ name }) => filter.name === undefined || name === filter.name);
}

function at(idOrRef: string): string {
  return `/secrets/${encodeURIComponent(idOrRef.split('/').at(-1) ?? idOrRef)}`;
}
