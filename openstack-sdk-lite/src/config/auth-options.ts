import { z } from 'zod';
import { OpenStackError } from '../transport/errors.ts';
import { Secret } from '../secret.ts';
import type { AuthMethod, Credentials, DomainRef, EndpointInterface, UserRef } from './credentials.ts';

/** The settings that `clouds.yaml` and `OS_*` have in common, under the names of `clouds.yaml`. */
export const authOptions = z.object({
  auth_type: z.string().optional(),
  auth_url: z.string().optional(),
  username: z.string().optional(),
  user_id: z.string().optional(),
  password: z.coerce.string().optional(),
  user_domain_name: z.string().optional(),
  user_domain_id: z.string().optional(),
  project_name: z.string().optional(),
  project_id: z.string().optional(),
  project_domain_name: z.string().optional(),
  project_domain_id: z.string().optional(),
  domain_name: z.string().optional(),
  domain_id: z.string().optional(),
  application_credential_id: z.string().optional(),
  application_credential_name: z.string().optional(),
  application_credential_secret: z.coerce.string().optional(),
  region_name: z.string().optional(),
  interface: z.string().optional(),
  cacert: z.string().optional(),
  verify: z.boolean().optional(),
});
export type AuthOptions = z.infer<typeof authOptions>;

/** How the settings are called in the place where the user wrote them. */
export interface Spelling {
  /** Names the place, as `clouds.yaml, cloud "prod"`. */
  readonly place: string;
  readonly of: (option: keyof AuthOptions) => string;
}

/** Credentials out of settings; what is missing is named as the user would write it. */
export function credentialsOf(options: AuthOptions, spelling: Spelling): Credentials {
  const authUrl = required(options, 'auth_url', spelling);
  if (!URL.canParse(authUrl)) throw unusable(spelling, `${spelling.of('auth_url')} is not a URL: "${authUrl}"`);
  return {
    authUrl,
    method: methodOf(options, spelling),
    region: options.region_name,
    interface: interfaceOf(options, spelling),
    tls: { caText: undefined, caFile: options.cacert, verify: options.verify ?? true },
  };
}

export function unusable(spelling: Pick<Spelling, 'place'>, fault: string): OpenStackError {
  return new OpenStackError({ kind: 'credentials', service: spelling.place, faultText: fault });
}

function methodOf(options: AuthOptions, spelling: Spelling): AuthMethod {
  switch (kindOf(options)) {
    case 'password':
    case 'v3password':
      return {
        kind: 'password',
        user: userOf(options, spelling),
        password: new Secret(required(options, 'password', spelling)),
        project: projectOf(options, spelling),
      };
    case 'v3applicationcredential':
      return {
        kind: 'application-credential',
        credential:
          options.application_credential_id === undefined
            ? { name: required(options, 'application_credential_name', spelling), user: userOf(options, spelling) }
            : { id: options.application_credential_id },
        secret: new Secret(required(options, 'application_credential_secret', spelling)),
      };
    default:
      throw unusable(
        spelling,
        `${spelling.of('auth_type')} "${options.auth_type}" is not supported: use password or v3applicationcredential`,
      );
  }
}

function kindOf(options: AuthOptions): string {
  if (options.auth_type !== undefined && options.auth_type !== '') return options.auth_type;
  return options.application_credential_secret === undefined ? 'password' : 'v3applicationcredential';
}

function userOf(options: AuthOptions, spelling: Spelling): UserRef {
  if (options.user_id !== undefined) return { id: options.user_id };
  return { name: required(options, 'username', spelling), domain: domainOf(options, 'user') };
}

function projectOf(options: AuthOptions, spelling: Spelling) {
  if (options.project_id !== undefined) return { id: options.project_id };
  return { name: required(options, 'project_name', spelling), domain: domainOf(options, 'project') };
}

/** Without any domain named, Keystone's own default. */
function domainOf(options: AuthOptions, of: 'user' | 'project'): DomainRef {
  const id = options[`${of}_domain_id`] ?? options.domain_id;
  const name = options[`${of}_domain_name`] ?? options.domain_name;
  if (id !== undefined) return { id };
  return name === undefined ? { id: 'default' } : { name };
}

/** `publicURL` is an old spelling of `public`. */
function interfaceOf(options: AuthOptions, spelling: Spelling): EndpointInterface {
  const name = (options.interface ?? 'public').replace(/URL$/, '');
  if (name === 'public' || name === 'internal' || name === 'admin') return name;
  throw unusable(spelling, `${spelling.of('interface')} is "${name}": use public, internal or admin`);
}

function required(options: AuthOptions, option: keyof AuthOptions, spelling: Spelling): string {
  const value = options[option];
  if (typeof value === 'string' && value !== '') return value;
  throw unusable(spelling, `${spelling.of(option)} is missing: add it`);
}
