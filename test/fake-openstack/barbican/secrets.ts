import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { type FakeClock, octaviaTime } from '../clock.ts';
import { type Call, created, noContent, ok, type Routes } from '../http.ts';
import type { Ids } from '../ids.ts';
import { plainRefusal } from '../refusal.ts';
import { Store } from '../store.ts';

interface SecretRecord {
  readonly id: string;
  readonly project_id: string;
  readonly creator_id: string;
  readonly name: string;
  readonly secret_type: string;
  readonly content_type: string;
  readonly expiration: string | null;
  readonly created: string;
  /** Why Octavia cannot read it as a bundle; undefined: it can. */
  readonly unreadable: string | undefined;
  /** Octavia's own user, once it has been let in. */
  readonly readers: readonly string[];
}

const secretBody = z.object({
  name: z.string().nullish(),
  secret_type: z.string().default('opaque'),
  payload: z.string().max(20_000).optional(),
  payload_content_type: z.string().default('application/octet-stream'),
  payload_content_encoding: z.string().optional(),
  expiration: z.string().nullish(),
});

/** Barbican's secrets. Payloads are taken and never kept: nothing here hands them out. */
export class Secrets {
  readonly #store = new Store<SecretRecord>(['project_id']);
  readonly #clock: FakeClock;
  readonly #ids: Ids;

  constructor(of: { readonly clock: FakeClock; readonly ids: Ids }) {
    this.#clock = of.clock;
    this.#ids = of.ids;
  }

  /** Whether Octavia can read it on behalf of a project. */
  usable(ref: string, projectId: string): boolean {
    const secret = this.#store.get(ref.split('/').at(-1) ?? '');
    return secret !== undefined && secret.project_id === projectId && !this.#expired(secret);
  }

  /** Octavia writes itself into the secret's list of readers, and says why the bundle is of no use. */
  openFor(ref: string): string | undefined {
    const secret = this.#store.get(ref.split('/').at(-1) ?? '');
    if (secret === undefined) return undefined;
    this.#store.change(secret, { readers: ['octavia'] });
    return secret.unreadable;
  }

  exists(ref: string): boolean {
    return this.#store.get(ref.split('/').at(-1) ?? '') !== undefined;
  }

  all(): readonly SecretRecord[] {
    return this.#store.all();
  }

  readonly routes: Routes = {
    'POST /v1/secrets': (call) => {
      const read = secretBody.safeParse(call.body);
      if (!read.success) throw plainRefusal(400, 'Bad Request', 'Provided object does not match schema "Secret".');
      const { name, secret_type, payload_content_type, expiration } = read.data;
      mayCreate(call);
      const secret = this.#store.add({
        id: this.#ids.uuid(),
        project_id: call.token.project.id,
        creator_id: call.token.user.id,
        name: name ?? '',
        secret_type,
        content_type: payload_content_type,
        expiration: expiration ?? null,
        created: octaviaTime(this.#clock.now()),
        unreadable: unreadable(read.data.payload ?? ''),
        readers: [],
      });
      return created({ secret_ref: reference(call, secret) });
    },
    'GET /v1/secrets': (call) => {
      const { query } = call;
      const [name, limit, offset] = [
        query.get('name'),
        Number(query.get('limit') ?? 10),
        Number(query.get('offset') ?? 0),
      ];
      const own = this.#store
        .find('project_id', call.token.project.id)
        .filter((secret) => !this.#expired(secret) && (name === null || secret.name === name));
      const page = own.slice(offset, offset + Math.min(limit, 100));
      return ok({ secrets: page.map((secret) => shown(call, secret)), total: own.length });
    },
    'GET /v1/secrets/:': (call, [id = '']) => ok(shown(call, this.#found(call, id))),
    'GET /v1/secrets/:/acl': (call, [id = '']) => {
      const { readers, created: at } = this.#found(call, id);
      const users = readers.length === 0 ? {} : { users: readers, created: at, updated: at };
      return ok({ read: { 'project-access': true, ...users } });
    },
    'GET /v1/secrets/:/consumers': (call, [id = '']) => {
      this.#found(call, id);
      return ok({ consumers: [], total: 0 }); // Octavia does not register
    },
    'DELETE /v1/secrets/:': (call, [id = '']) => {
      const secret = this.#found(call, id);
      if (!call.token.user.roles.some((role) => role === 'creator' || role === 'admin'))
        throw plainRefusal(
          403,
          'Forbidden',
          'Secret deletion attempt not allowed - please review your user/project privileges',
        );
      this.#store.remove(secret);
      return noContent;
    },
  };

  #found({ token }: Call, id: string): SecretRecord {
    const secret = this.#store.get(id);
    if (secret === undefined || this.#expired(secret)) throw plainRefusal(404, 'Not Found', 'Secret not found.');
    if (secret.project_id !== token.project.id)
      throw plainRefusal(
        403,
        'Forbidden',
        'Secret retrieval attempt not allowed - please review your user/project privileges',
      );
    return secret;
  }

  #expired({ expiration }: SecretRecord): boolean {
    return expiration !== null && expiration <= octaviaTime(this.#clock.now());
  }
}

/** As OpenSSL sees a PKCS#12 bundle that it opens without a password. */
function unreadable(payload: string): string | undefined {
  try {
    createSecureContext({ pfx: Buffer.from(payload, 'base64'), passphrase: '' });
    return undefined;
  } catch (error) {
    return /mac verify failure/.test(String(error))
      ? "('PKCS12 routines', '', 'mac verify failure')"
      : "('asn1 encoding routines', '', 'not enough data')";
  }
}

function mayCreate({ token }: Call): void {
  if (token.user.roles.some((role) => role === 'creator' || role === 'admin')) return;
  throw plainRefusal(
    403,
    'Forbidden',
    'Secret creation attempt not allowed - please review your user/project privileges',
  );
}

function reference({ base }: Call, { id }: SecretRecord): string {
  return `${base}/v1/secrets/${id}`;
}

function shown(call: Call, secret: SecretRecord): Readonly<Record<string, unknown>> {
  const { name, secret_type, expiration, created: at, creator_id, content_type } = secret;
  return {
    created: at,
    updated: at,
    status: 'ACTIVE',
    name,
    secret_type,
    expiration,
    algorithm: null,
    bit_length: null,
    mode: null,
    creator_id,
    content_types: { default: content_type },
    secret_ref: reference(call, secret),
  };
}
