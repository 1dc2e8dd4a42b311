import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Secret } from '../secret.ts';
import { OpenStackError } from '../transport/errors.ts';
import { parseCloudsYaml } from './clouds-yaml.ts';
import type { Credentials } from './credentials.ts';
import { environmentCredentials, parseEnvironment } from './environment.ts';
import { fileCredentials } from './sources.ts';

const twoClouds = `
clouds:
  one:
    auth: { auth_url: http://k, username: u, password: 123, project_name: p, user_domain_name: U, project_domain_id: P }
    region_name: north
    interface: internalURL
    cacert: /ca.pem
  two:
    auth_type: v3applicationcredential
    auth: { auth_url: http://k/v3, application_credential_id: a, application_credential_secret: s }
    verify: false
`;

describe('clouds.yaml', () => {
  test('holds a password with its names and domains', () => {
    const credentials = parseCloudsYaml(twoClouds, 'one');
    expect(revealed(credentials)).toBe('123');
    expect(credentials).toMatchObject({
      authUrl: 'http://k',
      method: {
        kind: 'password',
        user: { name: 'u', domain: { name: 'U' } },
        project: { name: 'p', domain: { id: 'P' } },
      },
      region: 'north',
      interface: 'internal',
      tls: { caFile: '/ca.pem', verify: true },
    });
  });

  test('holds an application credential', () => {
    const credentials = parseCloudsYaml(twoClouds, 'two');
    expect(revealed(credentials)).toBe('s');
    expect(credentials).toMatchObject({
      method: { kind: 'application-credential', credential: { id: 'a' } },
      interface: 'public',
      tls: { verify: false },
    });
  });

  test.each([
    ['no such cloud', twoClouds, 'three', 'clouds.yaml: there is no cloud "three"; the file has: one, two'],
    [
      'no choice',
      twoClouds,
      undefined,
      'clouds.yaml: has several clouds (one, two): name one, with OS_CLOUD or its like',
    ],
    [
      'no clouds',
      'cloud: {}',
      'x',
      'clouds.yaml: has no map "clouds" of named clouds: it must start with "clouds:" and a name below',
    ],
    ['no YAML', 'clouds: "secret', 'x', 'clouds.yaml: is not valid YAML: check its indentation and quotes'],
    ['no URL', 'clouds: {x: {auth: {}}}', 'x', 'clouds.yaml, cloud "x": auth.auth_url is missing: add it'],
    ['a bad URL', 'clouds: {x: {auth: {auth_url: k}}}', 'x', 'clouds.yaml, cloud "x": auth.auth_url is not a URL: "k"'],
    [
      'another method',
      'clouds: {x: {auth_type: v3oidc, auth: {auth_url: "http://k"}}}',
      'x',
      'clouds.yaml, cloud "x": auth_type "v3oidc" is not supported: use password or v3applicationcredential',
    ],
  ])('with %s says cause and fix', (_, text, name, message) => {
    const read = () => parseCloudsYaml(text, name);
    expect(read).toThrow(message);
    expect(read).toThrow(OpenStackError);
  });
});

describe('OS_* variables', () => {
  test('hold a password', () => {
    const credentials = parseEnvironment({
      OS_AUTH_URL: 'http://k',
      OS_USERNAME: 'u',
      OS_PASSWORD: 'pw',
      OS_PROJECT_ID: 'p',
      OS_REGION_NAME: 'north',
      OS_INSECURE: 'true',
    });
    expect(revealed(credentials)).toBe('pw');
    expect(credentials).toMatchObject({
      method: { user: { name: 'u', domain: { id: 'default' } }, project: { id: 'p' } },
      region: 'north',
      tls: { verify: false },
    });
  });

  test('that are missing are named', async () => {
    expect(() => parseEnvironment({ OS_AUTH_URL: 'http://k', OS_USERNAME: 'u' })).toThrow(
      'OS_PASSWORD is missing: add it',
    );
    await expect(environmentCredentials({})('cached')).rejects.toThrow(
      'there are no OpenStack credentials: set OS_CLOUD',
    );
    const nowhere = environmentCredentials({ OS_CLOUD: 'x', OS_CLIENT_CONFIG_FILE: '/nowhere/clouds.yaml' });
    await expect(nowhere('cached')).rejects.toThrow('cannot read /nowhere/clouds.yaml (ENOENT)');
  });
});

test('a file of credentials is read again when it changed, without a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clouds-'));
  const path = join(folder, 'clouds.yaml');
  const store = (secret: string) =>
    writeFile(path, `clouds: {x: {auth: {auth_url: "http://k", username: u, password: ${secret}, project_id: p}}}`);
  const source = fileCredentials({ paths: [join(folder, 'absent.yaml'), path], cloud: undefined });
  await store('first');
  const first = await source('cached');
  const same = await source('cached');
  await store('second-one');
  const second = await source('cached');
  const fresh = await source('fresh');
  await rm(folder, { recursive: true });
  expect([first, second, fresh].map(revealed)).toEqual(['first', 'second-one', 'second-one']);
  expect([same === first, fresh === second]).toEqual([true, false]);
});

test('a secret shows itself to nobody who does not ask', () => {
  const holder = { password: new Secret('pw') };
  expect([JSON.stringify(holder), String(holder.password), inspect(holder)]).toEqual([
    '{"password":"[redacted]"}',
    '[redacted]',
    '{ password: [redacted] }',
  ]);
});

function revealed({ method }: Credentials): string {
  return method.kind === 'password' ? method.password.reveal() : method.secret.reveal();
}
