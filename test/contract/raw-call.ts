import { issueToken } from 'openstack-sdk-lite/keystone/v3/tokens';
import { endpointUrl, type ServiceName } from 'openstack-sdk-lite/keystone/v3/catalog';
import type { Credentials } from 'openstack-sdk-lite/config/credentials';
import { HttpClient } from 'openstack-sdk-lite/transport/http';
import { request as send } from 'undici';

export interface RawRequest {
  readonly service: ServiceName | 'keystone';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the API's version and query: `/v2/lbaas/pools?name=a`, `/v2.0/ports`, `/v1/secrets`, `/v3/auth/tokens`. */
  readonly path: string;
  /** Sent as JSON; a text is sent as it stands. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another one than the user's own; null: none. */
  readonly token?: string | null;
}

export interface RawAnswer {
  readonly status: number;
  /** JSON when it is, else the text; null when empty. */
  readonly body: unknown;
}

export interface RawCaller {
  /** One request as it stands, answered as it stands; nothing is repeated and no status throws. */
  call(request: RawRequest): Promise<RawAnswer>;
  /** The same with the answer's headers, their names in lower case. */
  exchange(
    request: RawRequest,
  ): Promise<RawAnswer & { readonly headers: Readonly<Record<string, string | string[] | undefined>> }>;
}

const deadlineMs = 120_000;

export async function rawCaller(credentials: Credentials): Promise<RawCaller> {
  const http = new HttpClient({ userAgent: 'contract' });
  const token = await issueToken(http, credentials, AbortSignal.timeout(deadlineMs));
  await http.close();
  const { region } = credentials;
  const root = (service: RawRequest['service']) =>
    (service === 'keystone'
      ? credentials.authUrl
      : endpointUrl(token.catalog, { service, region, interface: credentials.interface })
    ).replace(/\/v[0-9.]+\/?$/, '');
  const exchange: RawCaller['exchange'] = async ({ service, method, path, body, headers, token: other }) => {
    const sent = other === undefined ? token.secret.reveal() : other;
    const answer = await send(`${root(service)}${path}`, {
      method,
      signal: AbortSignal.timeout(deadlineMs),
      headers: {
        accept: 'application/json',
        'user-agent': 'contract',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(sent === null ? {} : { 'x-auth-token': sent }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.statusCode, body: jsonOrText(await answer.body.text()), headers: answer.headers };
  };
  return {
    exchange,
    call: async (request) => {
      const { status, body } = await exchange(request);
      return { status, body };
    },
  };
}

function jsonOrText(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text; // the literal answer is what the cases look at, whatever it is
  }
}
