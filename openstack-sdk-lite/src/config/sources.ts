import { readFile, stat } from 'node:fs/promises';
import { OpenStackError } from '../transport/errors.ts';
import { parseCloudsYaml } from './clouds-yaml.ts';
import type { CredentialSource, Credentials } from './credentials.ts';

export interface CloudsFile {
  /** The first that exists is read. */
  readonly paths: readonly string[];
  /** undefined: the only cloud of the file. */
  readonly cloud: string | undefined;
}

/** A `clouds.yaml` on disk. It is looked at before each authentication and read again when it has changed: no restart for a rotation. */
export function fileCredentials({ paths, cloud }: CloudsFile): CredentialSource {
  let last: { readonly stamp: string; readonly credentials: Credentials } | undefined;
  return async (freshness) => {
    const { path, stamp } = await firstThere(paths);
    if (freshness === 'cached' && last?.stamp === stamp) return last.credentials;
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw unreadable(paths, error);
    });
    last = { stamp, credentials: parseCloudsYaml(text, cloud) };
    return last.credentials;
  };
}

/** Credentials that another part keeps up to date, as out of a Kubernetes Secret. */
export class SwappableCredentials {
  #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  readonly source: CredentialSource = async () => this.#credentials;

  /** Used from the next authentication on; `Cloud.forgetToken()` makes that the next call. */
  swap(credentials: Credentials): void {
    this.#credentials = credentials;
  }
}

async function firstThere(paths: readonly string[]): Promise<{ path: string; stamp: string }> {
  let failure: unknown;
  for (const path of paths) {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      return { path, stamp: [path, mtimeMs, size, ino].join(' ') };
    } catch (error) {
      failure ??= error;
    }
  }
  throw unreadable(paths, failure);
}

function unreadable(paths: readonly string[], cause: unknown): OpenStackError {
  const why = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unreadable';
  return new OpenStackError({
    kind: 'credentials',
    service: 'clouds.yaml',
    faultText: `cannot read ${paths.join(', ')} (${why}): create the file or set OS_CLIENT_CONFIG_FILE`,
    cause,
  });
}
