import { fileCredentials } from './sources.ts';
import { type AuthOptions, authOptions, credentialsOf, unusable } from './auth-options.ts';
import type { CredentialSource, Credentials } from './credentials.ts';

/** The process's variables, handed in: this SDK reads no environment of its own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the variables point at: `OS_CLOUD` names a cloud of `OS_CLIENT_CONFIG_FILE` (or of `./clouds.yaml`, then
 * `$HOME/.config/openstack/clouds.yaml`, then `/etc/openstack/clouds.yaml`); without it `OS_AUTH_URL` and its like are the credentials.
 */
export function environmentCredentials(environment: Environment): CredentialSource {
  const { OS_CLOUD: cloud, OS_CLIENT_CONFIG_FILE: file } = environment;
  if (cloud !== undefined || file !== undefined) {
    return fileCredentials({ paths: file === undefined ? usualPlaces(environment) : [file], cloud });
  }
  return async () => parseEnvironment(environment);
}

/** Credentials out of `OS_AUTH_URL`, `OS_USERNAME`, `OS_PASSWORD`, `OS_APPLICATION_CREDENTIAL_ID`, ... */
export function parseEnvironment(environment: Environment): Credentials {
  if (environment['OS_AUTH_URL'] === undefined) {
    throw unusable(
      { place: 'environment' },
      'there are no OpenStack credentials: set OS_CLOUD (with clouds.yaml), or OS_AUTH_URL and a user or application credential',
    );
  }
  const given: Record<string, unknown> = {};
  for (const option of Object.keys(authOptions.shape)) {
    const value = environment[spell(option)];
    if (value !== undefined && value !== '') given[option] = value;
  }
  given['verify'] = !isTrue(environment['OS_INSECURE']);
  const options: AuthOptions = authOptions.parse(given);
  return credentialsOf(options, { place: 'environment', of: spell });
}

function spell(option: string): string {
  return `OS_${option.toUpperCase()}`;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 'true', 'yes'].includes(text.toLowerCase());
}

function usualPlaces(environment: Environment): readonly string[] {
  const home = environment['HOME'];
  return [
    'clouds.yaml',
    ...(home === undefined ? [] : [`${home}/.config/openstack/clouds.yaml`]),
    '/etc/openstack/clouds.yaml',
  ];
}
