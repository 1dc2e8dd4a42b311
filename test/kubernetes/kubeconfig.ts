import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** How a client shows who it is. */
export type Identity =
  | { readonly kind: 'certificate'; readonly name: string }
  | { readonly kind: 'token'; readonly name: string; readonly token: string };

export type KubeconfigRequest = {
  /** Where the file goes. */
  readonly path: string;
  /** Address of the API server, as the reader of the file reaches it. */
  readonly server: string;
  /** Folder made by makeKeys. */
  readonly keys: string;
  readonly identity: Identity;
  /** The name that the server's certificate is checked for, where the address is another one. */
  readonly tlsServerName?: string;
  readonly namespace?: string;
};

/** Writes a kubeconfig with everything inside, readable by its owner alone. */
export async function writeKubeconfig(request: KubeconfigRequest): Promise<void> {
  const { path, server, keys, identity, tlsServerName, namespace } = request;
  const cluster = {
    server,
    'certificate-authority-data': await base64(keys, 'ca.crt'),
    ...(tlsServerName === undefined ? {} : { 'tls-server-name': tlsServerName }),
  };
  const context = { cluster: 'test', user: identity.name, ...(namespace === undefined ? {} : { namespace }) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: identity.name, user: await credentials(keys, identity) }],
    contexts: [{ name: 'test', context }],
  };
  await writeFile(path, stringify(config), { mode: 0o600 });
}

async function credentials(keys: string, identity: Identity): Promise<Readonly<Record<string, string>>> {
  if (identity.kind === 'token') return { token: identity.token };
  return {
    'client-certificate-data': await base64(keys, `${identity.name}.crt`),
    'client-key-data': await base64(keys, `${identity.name}.key`),
  };
}

async function base64(dir: string, file: string): Promise<string> {
  return (await readFile(join(dir, file))).toString('base64');
}
