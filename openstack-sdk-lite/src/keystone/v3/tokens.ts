import { z } from 'zod';
import type {
  ApplicationCredentialMethod,
  AuthMethod,
  Credentials,
  PasswordMethod,
  ProjectRef,
  UserRef,
} from '../../config/credentials.ts';
import { Secret } from '../../secret.ts';
import type { HttpClient } from '../../transport/http.ts';
import { OpenStackError } from '../../transport/errors.ts';
import { parsed } from '../../transport/parsed.ts';
import { catalogSchema } from './catalog.ts';

export type IssuedToken = z.infer<typeof tokenSchema> & { readonly secret: Secret };

/** `POST /v3/auth/tokens`: a token scoped to the project, with the catalog. A 401 says that Keystone refuses the credentials. */
export async function issueToken(
  http: HttpClient,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const answer = await http.send({
    service: 'keystone',
    method: 'POST',
    url: new URL(`${identityUrl(credentials.authUrl)}/auth/tokens`),
    body: authenticationBody(credentials.method),
    signal,
  });
  const token = answer.header('x-subject-token');
  if (token !== undefined) return { ...parsed(answer, 'token', tokenSchema), secret: new Secret(token) };
  const { service, method, path } = answer;
  throw new OpenStackError({
    kind: 'protocol',
    faultText: 'the answer has no X-Subject-Token: is this Keystone v3?',
    service,
    method,
    path,
  });
}

const tokenSchema = z.object({
  expires_at: z.iso.datetime({ offset: true }),
  issued_at: z.iso.datetime({ offset: true }),
  project: z.object({ id: z.string(), name: z.string() }).nullish(),
  catalog: catalogSchema,
});

/** `auth_url` is written with and without a version. */
function identityUrl(authUrl: string): string {
  const bare = authUrl.replace(/\/+$/, '').replace(/\/v(2\.0|3)$/, '');
  return `${bare}/v3`;
}

/** The only place that reveals the secrets of credentials. An application credential carries its own project: no scope. */
export function authenticationBody(method: AuthMethod): Readonly<Record<string, unknown>> {
  switch (method.kind) {
    case 'password':
      return { auth: { identity: passwordIdentity(method), scope: { project: wire(method.project) } } };
    case 'application-credential':
      return { auth: { identity: applicationCredentialIdentity(method) } };
    default:
      return method satisfies never;
  }
}

function passwordIdentity({ user, password }: PasswordMethod) {
  return { methods: ['password'], password: { user: { ...wire(user), password: password.reveal() } } };
}

function applicationCredentialIdentity({ credential, secret }: ApplicationCredentialMethod) {
  const named = 'id' in credential ? credential : { name: credential.name, user: wire(credential.user) };
  return { methods: ['application_credential'], application_credential: { ...named, secret: secret.reveal() } };
}

function wire(reference: UserRef | ProjectRef): Readonly<Record<string, unknown>> {
  return 'id' in reference ? { id: reference.id } : { name: reference.name, domain: reference.domain };
}
