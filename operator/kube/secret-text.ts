import { apiPath } from './kube-object.ts';
import { hasStatus, type Kube } from './kube-request.ts';

/** One key of a Secret as text. Throws with what a person has to do; the content stands in no message. */
export async function secretText(
  kube: Pick<Kube, 'json'>,
  ref: { readonly namespace: string; readonly name: string; readonly key: string },
  signal: AbortSignal,
): Promise<string> {
  const secret = await readSecret(kube, ref, signal);
  const encoded = typeof secret === 'object' && secret !== null && 'data' in secret ? secret.data : undefined;
  const keys = typeof encoded === 'object' && encoded !== null ? (encoded as Record<string, unknown>) : {};
  const value = keys[ref.key];
  if (typeof value === 'string') return Buffer.from(value, 'base64').toString('utf8');
  throw new Error(`the Secret has no key ${ref.key}`);
}

async function readSecret(
  kube: Pick<Kube, 'json'>,
  ref: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<unknown> {
  try {
    return await kube.json({ method: 'GET', path: `${apiPath('v1', 'secrets', ref.namespace)}/${ref.name}`, signal });
  } catch (error) {
    if (hasStatus(error, 404)) throw new Error('there is no such Secret', { cause: error });
    if (hasStatus(error, 403)) throw new Error('the operator may not read it', { cause: error });
    throw error;
  }
}
