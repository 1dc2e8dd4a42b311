import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';

/** What the API server answered; `body` is JSON where it was JSON, else text. */
export type Answer = { readonly status: number; readonly body: unknown };

/** Asks the API server once, as the cluster's admin. Throws when there is no answer within 10 seconds. */
export type AdminRequest = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<Answer>;

/** Makes a client from the keys of a control plane. It holds no connection open between two requests. */
export async function adminClient(url: string, keys: string): Promise<AdminRequest> {
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'admin.crt', 'admin.key'].map((file) => readFile(join(keys, file))),
  );
  return (method, path, body) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const headers = { 'content-type': 'application/json' };
    const options = { ca, cert, key, method, headers, agent: false, signal: AbortSignal.timeout(10_000) } as const;
    const call = request(new URL(path, url), options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parsed(text) })).on('error', reject);
    });
    call.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
