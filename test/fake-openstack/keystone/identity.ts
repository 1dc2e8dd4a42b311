import { z } from 'zod';
import { type FakeClock, keystoneTime } from '../clock.ts';
import type { Answer, Request } from '../http.ts';
import type { Ids } from '../ids.ts';
import { plainRefusal, unauthorized } from '../refusal.ts';
import type { Accounts, Project, User } from './accounts.ts';

export interface Token {
  readonly user: User;
  readonly project: Project;
  readonly method: 'password' | 'application_credential';
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const reference = z.object({ id: z.string().optional(), name: z.string().optional() });

const authentication = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()),
      password: z.object({ user: reference.extend({ password: z.string() }) }).optional(),
      application_credential: reference.extend({ secret: z.string(), user: reference.optional() }).optional(),
    }),
    scope: z.object({ project: reference }).optional(),
  }),
});
type Identity = z.infer<typeof authentication>['auth']['identity'];

/** Keystone: who may have a token, and which tokens are good. */
export class Identity3 {
  readonly accounts: Accounts;
  /** Of tokens issued from now on. */
  lifetimeMs = 4 * 3_600_000;
  readonly #clock: FakeClock;
  readonly #ids: Ids;
  readonly #tokens = new Map<string, Token>();

  constructor(of: { readonly accounts: Accounts; readonly clock: FakeClock; readonly ids: Ids }) {
    this.accounts = of.accounts;
    this.#clock = of.clock;
    this.#ids = of.ids;
  }

  /** `POST /v3/auth/tokens`. `roots`: what goes into the catalog. */
  issue(request: Request, roots: Roots): Answer {
    const parsed = authentication.safeParse(request.body);
    if (!parsed.success) throw plainRefusal(400, 'Bad Request', 'Expecting to find auth in request body.');
    const { identity, scope } = parsed.data.auth;
    const { user, method } = this.#who(identity);
    const { project } = user;
    if (scope !== undefined && scope.project.id !== project.id && scope.project.name !== project.name)
      throw unauthorized();
    const now = this.#clock.now();
    const token: Token = { user, project, method, expiresAt: now + this.lifetimeMs };
    const secret = `fake-${this.#ids.hex()}`;
    this.#tokens.set(secret, token);
    return { status: 201, headers: { 'x-subject-token': secret }, body: { token: tokenBody(token, { now, roots }) } };
  }

  /** Throws 401 for a token that never was, is over, or was revoked. */
  check(secret: string | undefined): Token {
    const token = secret === undefined ? undefined : this.#tokens.get(secret);
    if (token === undefined || token.expiresAt <= this.#clock.now()) throw unauthorized();
    return token;
  }

  revokeAll(): void {
    this.#tokens.clear();
  }

  #who(identity: Identity): Pick<Token, 'user' | 'method'> {
    const { password, application_credential: credential } = identity;
    if (password !== undefined) {
      const user = this.accounts.users.find((one) => is(one, password.user));
      if (user === undefined || user.password !== password.user.password) throw unauthorized();
      return { user, method: 'password' };
    }
    const found = this.accounts.applicationCredentials.find(
      (one) =>
        credential !== undefined &&
        is(one, credential) &&
        (credential.user === undefined || is(one.user, credential.user)),
    );
    if (found === undefined || found.secret !== credential?.secret) throw unauthorized();
    return { user: found.user, method: 'application_credential' };
  }
}

function is(one: { readonly id: string; readonly name: string }, wanted: z.infer<typeof reference>): boolean {
  return wanted.id === undefined ? wanted.name === one.name : wanted.id === one.id;
}

function tokenBody({ user, project, method, expiresAt }: Token, { now, roots }: { now: number; roots: Roots }) {
  const domain = { id: 'default', name: 'Default' };
  return {
    methods: [method],
    user: { domain, id: user.id, name: user.name, password_expires_at: null },
    audit_ids: [],
    expires_at: keystoneTime(expiresAt),
    issued_at: keystoneTime(now),
    project: { domain, ...project },
    is_domain: false,
    roles: user.roles.map((name) => ({ id: name, name })),
    catalog: catalog(roots),
  };
}

const services = [
  { type: 'network', name: 'neutron', path: '' },
  { type: 'identity', name: 'keystone', path: '/v3' },
  { type: 'load-balancer', name: 'octavia', path: '' },
  { type: 'key-manager', name: 'barbican', path: '' },
] as const;

type Roots = Readonly<Record<(typeof services)[number]['name'], string>>;

function catalog(roots: Roots): readonly unknown[] {
  return services.map(({ type, name, path }) => ({
    id: name,
    type,
    name,
    endpoints: ['public', 'internal', 'admin'].map((interfaceName) => ({
      id: `${name}-${interfaceName}`,
      interface: interfaceName,
      region_id: 'RegionOne',
      region: 'RegionOne',
      url: `${roots[name]}${path}`,
    })),
  }));
}
