import type { Secret } from '../secret.ts';

/** Who we are and where the cloud is: what a `clouds.yaml` entry or the `OS_*` variables say. */
export interface Credentials {
  /** Keystone's address, with or without `/v3`. */
  readonly authUrl: string;
  readonly method: AuthMethod;
  /** undefined: the only region of the catalog. */
  readonly region: string | undefined;
  readonly interface: EndpointInterface;
  readonly tls: Tls;
}

export type EndpointInterface = 'public' | 'internal' | 'admin';

export type AuthMethod = PasswordMethod | ApplicationCredentialMethod;

export interface PasswordMethod {
  readonly kind: 'password';
  readonly user: UserRef;
  readonly password: Secret;
  readonly project: ProjectRef;
}

/** Octavia 11 on a Keystone with its newest fixes refuses TLS listeners to such tokens; passwords have no such limit. */
export interface ApplicationCredentialMethod {
  readonly kind: 'application-credential';
  readonly credential: { readonly id: string } | { readonly name: string; readonly user: UserRef };
  readonly secret: Secret;
}

export type DomainRef = { readonly id: string } | { readonly name: string };
export type UserRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef };
export type ProjectRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef };

export interface Tls {
  /** PEM; wins over the file. */
  readonly caText: string | undefined;
  readonly caFile: string | undefined;
  /** false: any certificate is accepted. */
  readonly verify: boolean;
}

/**
 * Where credentials come from; asked at each authentication. `cached` may answer from memory as long as nothing has changed,
 * `fresh` reads again: the last ones were refused. Throws OpenStackError of kind `credentials` with cause and fix.
 */
export type CredentialSource = (freshness: 'cached' | 'fresh') => Promise<Credentials>;
